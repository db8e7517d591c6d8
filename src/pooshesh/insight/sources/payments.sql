-- by: nation
-- Vouchers by the bank's day of payment; advances to providers are no payment for a patient yet.
select v.measure, coalesce(q.area_id, a.id) as area_id, c.disease, coalesce(x.decile, '') as decile,
  coalesce(x.sex, '') as sex, coalesce(x.age, '') as age,
  coalesce(x.nationality, '') as nationality, v.value
from ledger_voucher o
join ledger_commitment c on c.id = o.commitment_id
join places_area a on a.path = o.area_path
left join requests_request q on q.id = c.object_id
left join insight_about(%(last)s) x on x.person_id = c.person_id
cross join lateral (values ('paid', o.amount), ('payments_made', 1::bigint),
  ('payments_of_requests', (q.decided_at is not null)::int::bigint),
  ('payment_days', greatest(0, o.paid_on - insight_day(q.decided_at))::bigint)) v (measure, value)
where o.state = 'paid' and not o.advance and o.paid_on between %(first)s and %(last)s
  and v.value is not null
-- late
select count(*) from ledger_statementline l join ledger_statement s on s.id = l.statement_id
where s.at > %(asked)s and l.on between %(first)s and %(last)s and l.payment_id is not null
-- rows: ledger.read
select v.measure, o.id::text as id, 'ledger:voucher' as page,
  coalesce(q.area_id, a.id) as area_id, o.paid_on as day, v.value, c.disease
from ledger_voucher o
join ledger_commitment c on c.id = o.commitment_id
join places_area a on a.path = o.area_path
left join requests_request q on q.id = c.object_id
cross join lateral (values ('paid', o.amount), ('payments_made', 1::bigint),
  ('payments_of_requests', (q.decided_at is not null)::int::bigint),
  ('payment_days', greatest(0, o.paid_on - insight_day(q.decided_at))::bigint)) v (measure, value)
where o.state = 'paid' and not o.advance and o.paid_on between %(first)s and %(last)s
  and v.value is not null
