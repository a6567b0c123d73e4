create table if not exists orders (
    id       int primary key,
    product  text not null,
    quantity int not null
);
insert into orders values (1, 'Sextant', 1), (2, 'Storm lantern', 4) on conflict do nothing;
