-- One row: one request for names, or one reply by hand: what was asked and answered.
with source as (
    select * from read_json(
        getvariable('names_log_file'),
        format = 'newline_delimited',
        columns = {
            'sent_at': 'timestamptz',
            'request': 'varchar',
            'level': 'varchar',
            'asked': 'varchar[]',
            'answered': 'varchar[]',
            'snapshot': 'varchar',
            'host': 'varchar',
            'model': 'varchar',
            'prompt_version': 'varchar',
            'prompt': 'varchar',
            'reply': 'varchar',
            'input_tokens': 'bigint',
            'output_tokens': 'bigint',
            'seconds': 'double',
            'verdict': 'varchar',
            'message': 'varchar'
        }
    )
),

calls as (
    select
        sent_at,
        request,
        level,
        asked,
        answered,
        snapshot,
        host,
        model,
        prompt_version,
        prompt,
        reply,
        input_tokens,
        output_tokens,
        seconds,
        verdict,
        message
    from source
    where request is not null
)

select * from calls
