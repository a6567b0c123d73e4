-- Environments whose runs somebody wants to hear of, and runs that somebody is done with.
create table watch (
    person_id      text not null references person on delete cascade,
    environment_id text not null references environment on delete cascade,
    primary key (person_id, environment_id)
);

create table run_seen (
    person_id text not null references person on delete cascade,
    run_id    text not null references run on delete cascade,
    seen_at   timestamptz not null default now(),
    primary key (person_id, run_id)
);

create index run_of_actor on run (actor, position desc);
