-- What keeps a step that waits, as long as it does: one row for each, gone when the wait ends.
create table step_obstacle (
    run_id  text not null references run on delete cascade,
    step_id text not null,
    problem jsonb not null,
    primary key (run_id, step_id)
);
