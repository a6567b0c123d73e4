-- What a plan is about, where that is not a deploy of everything: noted before the plan is made, with its run.
alter table plan_part drop constraint plan_part_part_check;
alter table plan_part add constraint plan_part_part_check check (part in ('scope', 'pins', 'images', 'plan'));
