-- What a run does when a step fails for good, and how long it waits for an answer (0: as long as usual).
alter table run add column on_failure text not null default 'stop';
alter table run add column answer_within integer not null default 0;

-- What runs ask people; the body is the question as it stands.
create table question (
    run_id      text not null references run on delete cascade,
    id          text not null,
    body        jsonb not null,
    asked_at    timestamptz not null default now(),
    answered_at timestamptz,
    primary key (run_id, id)
);
create index question_open on question (run_id) where answered_at is null;

-- How things were before a step changed them, sealed: they may be secrets.
create table step_undo (
    run_id    text not null references run on delete cascade,
    subject   text not null,
    step_id   text not null,
    component text not null,
    deed      text not null,
    before    bytea,
    position  bigserial not null,
    undone_at timestamptz,
    primary key (run_id, subject)
);
