-- Arithmetic that more than one model uses.

-- Inverse hyperbolic sine: ln(x + √(x² + 1)). Like a logarithm, but 0 stays 0.
create or replace macro ihs(x) as asinh(x);

-- Sum and mean that are the same in any order, on any number of threads: doubles added
-- up in another order have other last digits, decimals don't. Up to 1e22 in all, and to
-- 15 decimals. What can't be so (a variance) is ordered: var_samp(x order by x).
create or replace macro exact_sum(x) as sum(x::decimal(38, 15))::double;
create or replace macro exact_avg(x) as avg(x::decimal(38, 15));

-- Min–max over all rows: the smallest becomes 0, the largest 1; a constant becomes 0.
create or replace macro unit_scale(x) as
case
    when max(x) over () = min(x) over () then 0 * x
    else (x - min(x) over ()) / (max(x) over () - min(x) over ())
end;

-- Standard deviations from the mean of all rows (divided by n); a constant becomes 0.
create or replace macro z_score(x) as
case
    when max(x) over () = min(x) over () then 0 * x
    else (x - avg(x::decimal(38, 15)) over ()) / sqrt(
        avg((x * x)::decimal(38, 15)) over ()
        - (avg(x::decimal(38, 15)) over ()) ** 2
    )
end;

-- As unit_scale, from the 1st to the 99th percentile: what lies beyond becomes 0 or 1.
-- Where these coincide, as of a variable that is 0 nearly everywhere, as unit_scale.
create or replace macro trimmed_scale(x) as
case
    when quantile_cont(x, 0.01) over () = quantile_cont(x, 0.99) over ()
        then unit_scale(x)
    else greatest(0, least(
        1,
        (x - quantile_cont(x, 0.01) over ())
        / (quantile_cont(x, 0.99) over () - quantile_cont(x, 0.01) over ())
    ))
end;

-- The band of an index score; 100 is the region's mean.
create or replace macro index_band(score) as
case
    when score < 80 then '<80'
    when score <= 120 then '80-120'
    when score < 200 then '120-200'
    when score >= 200 then '>=200'
end;

-- The code of the cluster that a cluster is part of: A1 of A1a, null of A.
create or replace macro parent_cluster(code) as
nullif(regexp_replace(code, '([A-Z]+|[0-9]+|[a-z]+)$', ''), '');

-- A text whose numbers are written out, so that it holds no digits: up to 99 as one
-- says them, beyond that digit by digit.
create or replace macro spell_numbers(text) as
array_to_string(
    list_transform(
        regexp_extract_all(text, '[0-9]+|[^0-9]+'),
        lambda part: case
            when not regexp_full_match(part, '[0-9]+') then part
            when len(part) < 3 and part::integer < 20
                then string_split(
                    'zero one two three four five six seven eight nine ten eleven '
                    || 'twelve thirteen fourteen fifteen sixteen seventeen eighteen '
                    || 'nineteen',
                    ' '
                )[part::integer + 1]
            when len(part) < 3
                then rtrim(
                    string_split(
                        'twenty thirty forty fifty sixty seventy eighty ninety', ' '
                    )[part::integer // 10 - 1]
                    || '-'
                    || string_split(
                        ' one two three four five six seven eight nine', ' '
                    )[part::integer % 10 + 1],
                    '-'
                )
            else array_to_string(
                list_transform(
                    string_split(part, ''),
                    lambda digit: string_split(
                        'zero one two three four five six seven eight nine', ' '
                    )[digit::integer + 1]
                ),
                ' '
            )
        end
    ),
    ''
);

-- Cohen's kappa of two numbers of each area, weighted by squared differences: 1 less
-- the mean of (a − b)² over areas, over the same of all pairs of areas, as by chance.
-- Null where both are one and the same constant.
create or replace macro quadratic_kappa(a, b, area) as
1 - avg((a - b) ** 2 order by area) / nullif(
    var_pop(a order by a) + var_pop(b order by b)
    + (avg(a order by area) - avg(b order by area)) ** 2,
    0
);

-- Codes as a line shows them: three, and a sign that there are more.
create or replace macro first_three(codes) as
array_to_string(codes[:3], ', ') || if(len(codes) > 3, ', …', '');

-- Texts as one says them: a, b and c.
create or replace macro spoken_list(texts) as
case
    when len(texts) < 2 then texts[1]
    else array_to_string(texts[:-2], ', ') || ' and ' || texts[-1]
end;

-- A text with its first letter in upper case.
create or replace macro capitalised(text) as upper(text[1]) || text[2:];

-- Standard error of a mean, from the mean of the squares of n values.
create or replace macro mean_error(mean, mean_square, n) as
sqrt(greatest(mean_square - mean ** 2, 0) / nullif(n - 1, 0));

-- Whether chance can't have moved a score over 120 or under 80: by two errors.
create or replace macro is_clear_score(score, standard_error) as
coalesce(least(abs(score - 80), abs(score - 120)) > 2 * standard_error, false);

-- What an index score vouches for; from 80 to 120 it vouches for nothing.
create or replace macro index_direction(score) as
case
    when score > 120 then 'above'
    when score < 80 then 'below'
    else 'near'
end;

-- A postcode as it is compared: upper case, without spaces or other marks.
create or replace macro bare_postcode(typed) as
nullif(upper(regexp_replace(typed, '[^A-Za-z0-9]', '', 'g')), '');

-- Whether a bare postcode has the form of a British one.
create or replace macro is_postcode(bare) as
regexp_full_match(bare, '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}');

-- The lower (side −1) or upper (side 1) end of Wilson's 95 % interval of a share of n.
create or replace macro wilson_bound(share, n, side) as (
    share + 1.959964 ** 2 / (2 * n)
    + side * 1.959964 * sqrt(share * (1 - share) / n + 1.959964 ** 2 / (4 * n ** 2))
) / (1 + 1.959964 ** 2 / n);

-- A text as it is compared: small letters and figures, one space for all else.
create or replace macro plain_text(text) as
trim(regexp_replace(lower(text), '[^\p{L}\p{Nd}]+', ' ', 'g'));

-- A share from 0 to 1 in words: the nearest of a list without gaps.
create or replace macro share_in_words(share) as
list_sort(
    list_transform(
        [
            { 'part': 0.0, 'words': 'almost none' },
            { 'part': 1 / 100, 'words': 'about one in a hundred' },
            { 'part': 1 / 50, 'words': 'about one in fifty' },
            { 'part': 1 / 30, 'words': 'about one in thirty' },
            { 'part': 1 / 20, 'words': 'about one in twenty' },
            { 'part': 1 / 15, 'words': 'about one in fifteen' },
            { 'part': 1 / 12, 'words': 'about a twelfth' },
            { 'part': 1 / 10, 'words': 'about a tenth' },
            { 'part': 1 / 8, 'words': 'about an eighth' },
            { 'part': 1 / 7, 'words': 'about a seventh' },
            { 'part': 1 / 6, 'words': 'about a sixth' },
            { 'part': 1 / 5, 'words': 'about a fifth' },
            { 'part': 1 / 4, 'words': 'about a quarter' },
            { 'part': 3 / 10, 'words': 'about three tenths' },
            { 'part': 1 / 3, 'words': 'about a third' },
            { 'part': 3 / 8, 'words': 'about three eighths' },
            { 'part': 2 / 5, 'words': 'about two fifths' },
            { 'part': 9 / 20, 'words': 'nearly half' },
            { 'part': 1 / 2, 'words': 'about half' },
            { 'part': 11 / 20, 'words': 'a little over half' },
            { 'part': 3 / 5, 'words': 'about three fifths' },
            { 'part': 5 / 8, 'words': 'about five eighths' },
            { 'part': 2 / 3, 'words': 'about two thirds' },
            { 'part': 7 / 10, 'words': 'about seven tenths' },
            { 'part': 3 / 4, 'words': 'about three quarters' },
            { 'part': 4 / 5, 'words': 'about four fifths' },
            { 'part': 5 / 6, 'words': 'about five sixths' },
            { 'part': 7 / 8, 'words': 'about seven eighths' },
            { 'part': 9 / 10, 'words': 'about nine tenths' },
            { 'part': 19 / 20, 'words': 'nearly all' },
            { 'part': 1.0, 'words': 'practically all' }
        ],
        lambda entry: { 'off': abs(entry.part - share), 'words': entry.words }
    )
)[1].words;

-- A text without what steers a terminal or turns the direction of writing about.
create or replace macro printable(text) as
regexp_replace(text, '[^\P{Cc}\n\t]|[\x{202a}-\x{202e}\x{2066}-\x{2069}]', ' ', 'g');

-- A text as one line of Markdown in which nothing is markup.
create or replace macro plain_markdown(text) as
regexp_replace(
    regexp_replace(text, '\s+', ' ', 'g'), '([\\`*_\[\]<>#|&~])', '\\\1', 'g'
);

-- What a user's column is called in tables that have columns of ours beside it.
create or replace macro own_name(column_name) as
case
    when
        lower(column_name) in (
            'area', 'area_name', 'cluster', 'cluster_name', 'umap_x', 'umap_y', 'mix',
            'geometry', 'geom', 'fid', 'ogc_fid'
        )
        then column_name || ' (socio-economic)'
    else column_name
end;

-- The figure that a cell of text holds, null for none. Any other text is refused, and
-- what codes (texts) declare to stand for a missing value is one.
create or replace macro figure_of(found, area, column_name, codes) as
case
    when coalesce(trim(found), '') = '' then null
    when try_cast(found as double) is null
        then error(
            'Area ' || area || ' holds the text "' || found || '" in column '
            || column_name || ' of the socio-economic file, where a number is '
            || 'expected. Correct the file, or empty the cell: the forests then go '
            || 'without the area.'
        )
    when isinf(try_cast(found as double))
        then error(
            'Area ' || area || ' holds an infinity in column ' || column_name
            || ' of the socio-economic file. Correct the file.'
        )
    when isnan(try_cast(found as double)) then null
    when is_code(try_cast(found as double), codes) then null
    else try_cast(found as double)
end;

-- Whether a number is one of the codes (texts) that stand for a missing value.
create or replace macro is_code(number, codes) as
list_contains(list_transform(codes, lambda code: code::double), number);

-- Degrees between two directions (lists of length 1). Their cosine would lose half of
-- the digits of a small angle. Source: W. Kahan (2006), How futile are mindless
-- assessments of roundoff, §12.
create or replace macro angle_between(one, other) as
degrees(2 * atan2(
    list_distance(one, other),
    list_distance(one, list_transform(other, lambda x: -x))
));

-- A count in words, and how many of these lie inside where some only touch the region.
create or replace macro with_inside(number, things, number_inside) as
format('{:,} ', number::bigint) || things || case
    when number_inside < number
        then format(' ({:,} inside)', number_inside::bigint)
    else ''
end;

-- Whether a number is no mean of an embedding: infinite, beyond any, or a code for a
-- missing value, which none comes near.
create or replace macro is_no_mean(x) as
abs(x) > 1e12
or x in (
    -99, -999, -9999, -99999, -222222222, -333333333, -555555555, -666666666,
    -888888888, -999999999
);

-- Whether a cell of an embedding can't be used: no mean, a text, or nothing where that
-- is refused; coordinate is the number that was found.
create or replace macro is_refused_mean(found, coordinate, missing_values) as
is_no_mean(coordinate)
or (
    coordinate is null
    and (
        missing_values = 'refuse'
        or try_cast(found as double) is null and trim(found) <> ''
    )
);

-- What is said of the first such cell (area, column_name, found) of so many areas.
create or replace macro refused_mean(one, areas, file, remedy) as
'Area ' || one.area || ' has ' || coalesce('"' || one.found || '"', 'no value')
|| ' in column ' || one.column_name || ' of the ' || file || ' file ('
|| format('{:,}', areas) || ' such areas). Fill it in' || remedy;
