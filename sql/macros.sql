-- Arithmetic that more than one model uses.

-- Inverse hyperbolic sine: ln(x + √(x² + 1)). Like a logarithm, but 0 stays 0.
create or replace macro ihs(x) as asinh(x);

-- Min–max over all rows: the smallest becomes 0, the largest 1; a constant becomes 0.
create or replace macro unit_scale(x) as
case
    when max(x) over () = min(x) over () then 0 * x
    else (x - min(x) over ()) / (max(x) over () - min(x) over ())
end;

-- The band of an index score; 100 is the region's mean.
create or replace macro index_band(score) as
case
    when score < 80 then '<80'
    when score <= 120 then '80-120'
    when score < 200 then '120-200'
    when score >= 200 then '>=200'
end;
