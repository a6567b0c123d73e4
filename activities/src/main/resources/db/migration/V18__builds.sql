-- A row for every build that ran, no longer one for each key: also those that failed, and those that run.
alter table build drop constraint build_pkey;
alter table build
    add column id            text not null default gen_random_uuid()::text primary key,
    -- Order of beginning.
    add column position      bigserial not null unique,
    add column state         text not null default 'succeeded',
    add column application   text not null default '',
    add column component     text not null default '',
    add column git_ref       text,
    add column git_tree      text,
    add column builder_image text,
    add column tag           text,
    add column problem       jsonb,
    -- The Job that builds it, where one does.
    add column cluster       text,
    add column job           text,
    add column cache         text,
    add column pushed_bytes  bigint,
    -- Of builds that a worker makes itself: which one, and when it was last heard.
    add column worker        text,
    add column seen_at       timestamptz,
    -- What it said, compressed when it has ended; null: it has not, or it is no longer kept.
    add column log           bytea,
    add column log_last      bigint,
    add column log_left_out  bigint not null default 0,
    alter column digest drop not null,
    alter column ended_at drop not null;
update build set application = split_part(repository, '/', 2), component = split_part(repository, '/', 3);
update build set builder_image = base_digest, base_digest = null where builder = 'dockerfile';
alter table build rename column base_digest to base;
alter table build alter column id drop default, alter column state drop default;
create unique index build_running on build (key) where state = 'running';
create index build_of_key on build (key, position desc) where state = 'succeeded';

-- Which steps needed a build, whoever began it. One that runs and that no step needs any more is cancelled.
create table build_use (
    run_id   text not null references run on delete cascade,
    step_id  text not null,
    build_id text not null references build on delete cascade,
    waits    boolean not null,
    primary key (run_id, step_id, build_id)
);
create index build_use_of_build on build_use (build_id);

-- What builders say while they build. Numbers are those of step_log, so that the two make one log.
create table build_log (
    id           bigint primary key default nextval('step_log_id_seq'),
    build_id     text not null references build on delete cascade,
    at           timestamptz not null,
    -- When it was said, to the nanosecond: two who copy the same log write each line once.
    source_nanos bigint not null,
    line         text not null
);
create unique index build_log_once on build_log (build_id, source_nanos, md5(line));
create index build_log_of_build on build_log (build_id, id);
alter table step_log drop column source_nanos;
