-- How often a component's containers were started again in the last hour, and, while its cluster is silent, when it was last heard.
alter table component_state add column restarts int not null default 0;
alter table component_state add column known_at timestamptz;
