-- The figures of tests/foreign.rs, by another tool than ours:
--   sqlite3 :memory: -cmd '.mode csv' -cmd '.import payments.csv raw' < figures.sql
.mode list
create table p as
  select cast(round(amount * 100) as integer) as fen, is_fraud = '1' as fraud, category,
    cast(substr(time, 1, 2) as integer) >= 22 or cast(substr(time, 1, 2) as integer) < 4 as night
  from raw;
create table r as
  select *, fen > 40000 as very_large,
    not fen > 40000 and night and category in ('shopping_net', 'shopping_pos', 'misc_net', 'grocery_pos') and fen >= 10000 as night_goods,
    not fen > 40000 and night as score_night,
    not fen > 40000 and category like '%!_net' escape '!' as score_online,
    not fen > 40000 and fen >= 15000 as score_large
  from p;
create table d as
  select *, 40 * score_night + 20 * score_online + 30 * score_large as score from r;
create table v as
  select *, case when very_large then 'decline' when night_goods or score >= 60 then 'refer' when score >= 40 then 'step_up' else 'accept' end as verdict
  from d;
select 'verdict', verdict, count(*), sum(fen), sum(fraud) from v group by verdict;
select 'very_large', sum(very_large), sum(very_large and fraud), sum(fen * very_large) from v;
select 'night_goods', sum(night_goods), sum(night_goods and fraud), sum(fen * night_goods) from v;
select 'score_night', sum(score_night), sum(score_night and fraud), sum(fen * score_night) from v;
select 'score_online', sum(score_online), sum(score_online and fraud), sum(fen * score_online) from v;
select 'score_large', sum(score_large), sum(score_large and fraud), sum(fen * score_large) from v;
-- The shadow has the condition of score_online and is reached as often.
select 'all', count(*), sum(fraud), sum(fen), sum(fen * fraud) from v;
select 'stopped', sum(verdict <> 'accept'), sum(verdict <> 'accept' and fraud), sum(fen * (verdict <> 'accept' and fraud)), sum(fen * (verdict <> 'accept' and not fraud)) from v;
select 'score', score, count(*) from v where not very_large group by score;
