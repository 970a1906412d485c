-- The eight endpoints of study.yaml, written by hand: windows, censored values, unknowns, denominators and estimands.
-- Reads the charts in the folder $charts; leaves the tables `patients` (a row a visit) and `results`.

-- Patients, and until when each was observed. What begins after the data cut-off is not used.
create temp table people as
select patient, case when last_contact_date > date '2024-06-30' then date '2024-06-30' else last_contact_date end as seen
from read_parquet($charts || '/patients.parquet');

-- Dosing periods: [start, stop). An empty stop means that it goes on, unless a reason for stopping stands beside it.
create temp table periods as
select
    t.patient, t.file_row_number as place, t.start_date, t.ours, t.goes_on, t.stop_reason,
    case when not t.goes_on then t.stop_date end as stop_date,
    case when t.goes_on then p.seen else coalesce(t.stop_date, t.start_date) end as ends,
    not t.goes_on and t.stop_date is null as unread
from (
    select *, lower(drug) = 'upadacitinib' as ours,
        case when stop_date is null then stop_reason is null else stop_date > date '2024-06-30' end as goes_on
    from read_parquet($charts || '/treatment.parquet', file_row_number = true)
    where start_date <= date '2024-06-30' or start_date is null
) t join people p using (patient)
where t.ours is not false;

-- Day 0 is the first dose. It is unknown if a period that may be the drug's has no date or comes before it.
create temp table day0 as
select patient, arg_min(case when ours then start_date end, (start_date, place)) as first_dose,
    bool_or(ours is null or start_date is null) as doubtful,
    case when bool_or(start_date is null) or arg_min(ours is null, (start_date, place)) then null
         else min(start_date) end as index_date
from periods group by patient;

-- The period that ends last decides whether and when the drug was stopped for good.
create temp table stops as
with dated as (
    select *, stop_reason in ('adverse event', 'lack of efficacy') as permanent,
        max(ends) over w as reached,
        max(case when unread then start_date end) over w as last_unread,
        row_number() over (
            partition by patient order by goes_on desc, unread desc, ends desc, start_date desc, place desc
        ) as nth
    from periods where ours and start_date is not null
    window w as (partition by patient)
),
doubts as (
    select patient, bool_or((unread or (ends = reached and ends > last_unread)) and permanent is not false) as maybe
    from dated group by patient
)
select d.patient, d.goes_on, d.stop_date, case when d.unread then d.reached else d.ends end as low,
    case when d.unread then case when not s.maybe then false end else d.permanent end as for_good
from dated d join doubts s using (patient)
where d.nth = 1;

-- The visit that counts in each window: baseline the last, else the nearest to the day, of two equally near the later.
create temp table at_visits as
with dated as (
    select v.*, v.visit_date - d.index_date as day
    from read_parquet($charts || '/visits.parquet', file_row_number = true) v join day0 d using (patient)
    where v.visit_date <= date '2024-06-30'
),
near as (
    select *,
        case when day between -90 and 0 then 0 when day between 63 and 105 then 12 when day between 140 and 196 then 24
        end as week
    from dated
),
ranked as (
    select *, row_number() over (
        partition by patient, week
        order by case week when 0 then -day when 12 then abs(day - 84) else abs(day - 168) end, day desc, file_row_number
    ) as nth
    from near where week is not null
)
select patient, week, hbi_wellbeing + hbi_pain + hbi_stools + hbi_mass + hbi_complications as hbi, steroids,
    "crp (mg/dL)" as crp, "crp (mg/dL)__censored" as crp_sign,
    "calprotectin (ug/g)" as calprotectin, "calprotectin (ug/g)__censored" as calprotectin_sign,
    "bwt_ileum (mm)" as ileum, "bwt_colon (mm)" as colon
from ranked where nth = 1;

-- "<50" is below 50 for certain, and below 40 perhaps.
create macro below(value, sign, bound) as
    case when sign <= 0 and (value < bound or value = bound and sign < 0) then true
         when sign >= 0 and value >= bound then false end;

-- The greater of the segments measured; unknown where one that was measured at baseline is not measured now.
create macro thickest(ileum, colon, ileum_before, colon_before) as
    case when (ileum is not null or ileum_before is null) and (colon is not null or colon_before is null)
         then greatest(ileum, colon) end;

create temp table surgery as
select patient, week, case when bool_or(held) then true when bool_or(held is null) then null else false end as operated
from (
    select patient, week, lower(procedure) = 'bowel resection' and date - index_date >= 0 and date - index_date < week * 7
        as held
    from read_parquet($charts || '/procedures.parquet') join day0 using (patient), (values (12), (24)) weeks(week)
    where date <= date '2024-06-30' or date is null
) group by patient, week;

create temp table parts as
select p.patient, k.week, b.hbi as hbi_before, n.hbi, n.steroids,
    below(n.calprotectin, n.calprotectin_sign, 150) and below(n.crp, n.crp_sign, 0.5) as biochemical_remission,
    n.calprotectin is not null as has_calprotectin, n.crp is not null as has_crp,
    b.calprotectin is not null as had_calprotectin, b.crp is not null as had_crp,
    greatest(b.ileum, b.colon) as bwt_before, thickest(n.ileum, n.colon, b.ileum, b.colon) as bwt,
    -- The day of the permanent stop lies between these two; no end is known of one who still takes the drug.
    case when not d.doubtful then (case when s.goes_on or not s.for_good then p.seen else s.low end) - d.index_date end
        as stop_low,
    case when not d.doubtful and s.for_good then s.stop_date - d.index_date end as stop_high,
    case when stop_low >= k.week * 7 then true when stop_high < k.week * 7 then false end as continuation,
    case when o.patient is null then false else o.operated end as operated
from people p
cross join (values (12), (24)) k(week)
left join day0 d using (patient)
left join stops s using (patient)
left join at_visits b on b.patient = p.patient and b.week = 0
left join at_visits n on n.patient = p.patient and n.week = k.week
left join surgery o on o.patient = p.patient and o.week = k.week;

create temp table patients as
select patient, week,
    not continuation or operated as failed,
    hbi <= 3 and not steroids as clinical_remission,
    hbi is not null and steroids is not null as clinical_complete,
    hbi_before - hbi > 3 as clinical_response,
    biochemical_remission,
    has_calprotectin and has_crp as biochemical_complete,
    had_calprotectin and had_crp and biochemical_complete as biochemical_required,
    bwt_before - bwt >= 2 as transmural_response,
    bwt < 3 as transmural_healing,
    bwt is not null as healing_complete,
    bwt is not null and bwt_before is not null as bwt_required,
    clinical_remission and biochemical_remission and transmural_healing as deep_remission,
    clinical_complete and biochemical_complete and healing_complete as deep_complete,
    continuation,
    stop_low is not null or stop_high is not null as continuation_complete,
    case when week = 24 then biochemical_remission or bool_or(biochemical_remission) over early end as by_week24,
    biochemical_complete and bool_or(biochemical_complete) over early as by_week24_complete,
    had_calprotectin and (has_calprotectin or bool_or(has_calprotectin) over early) as by_week24_required
from parts
window early as (partition by patient order by week rows between 1 preceding and 1 preceding);

create macro counted(value, complete, required, failed) as [
    {handling: 'decided', n: count(*) filter (value), of: count(value), missing: count(*) - count(value)},
    {handling: 'complete', n: count(*) filter (value and complete), of: count(*) filter (value is not null and complete),
     missing: count(*) - count(*) filter (value is not null and complete)},
    {handling: 'required', n: count(*) filter (value and required), of: count(*) filter (value is not null and required),
     missing: count(*) - count(*) filter (value is not null and required)},
    {handling: 'as_published', n: count(*) filter (value), of: count(*), missing: count(*) - count(value)},
    {handling: 'composite', n: count(*) filter (value and not failed), of: count(*),
     missing: count(*) - count(value and not failed)}
];

create temp table counts as
unpivot (
    select week, count(*) as population,
        counted(clinical_remission, clinical_complete, null, failed) as clinical_remission,
        counted(clinical_response, true, null, failed) as clinical_response,
        counted(biochemical_remission, biochemical_complete, biochemical_required, failed) as biochemical_remission,
        counted(transmural_response, bwt_required, bwt_required, failed) as transmural_response,
        counted(transmural_healing, healing_complete, bwt_required, failed) as transmural_healing,
        counted(deep_remission, deep_complete, null, failed) as deep_remission,
        counted(continuation, continuation_complete, null, failed) as continuation,
        counted(by_week24, by_week24_complete, by_week24_required, failed) as biochemical_remission_by_week24
    from patients group by week
) on columns(* exclude (week, population)) into name endpoint value counts;

-- Wilson's interval, with z of 95 %.
create temp table results as
select endpoint, week, handling, n, "of", missing, population, 100 * n / "of" as percent,
    100 * greatest(0, (centre - half) / (1 + z2 / "of")) as lower, 100 * least(1, (centre + half) / (1 + z2 / "of")) as upper
from (
    select *, 1.959963984540054 ** 2 as z2, n / "of" + z2 / (2 * "of") as centre,
        sqrt(z2 * (n / "of" * (1 - n / "of") / "of" + z2 / (4 * "of" * "of"))) as half
    from (select endpoint, week, population, unnest(counts, recursive := true) from counts)
)
where (endpoint <> 'biochemical_remission_by_week24' or week = 24)
    and (handling <> 'required'
         or endpoint in ('biochemical_remission', 'transmural_response', 'transmural_healing', 'biochemical_remission_by_week24'));
