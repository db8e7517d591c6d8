-- by: nation
select v.measure, a.id as area_id, count(*) as value
from ledger_payment p
join ledger_voucher o on o.id = p.voucher_id
join places_area a on a.path = o.area_path
cross join lateral (values ('payments_answered'), ('payments_returned')) v (measure)
where p.ended_on between %(first)s and %(last)s and p.state in ('confirmed', 'returned')
  and (v.measure = 'payments_answered' or p.state = 'returned')
group by 1, 2
-- late
select count(*) from ledger_statementline l join ledger_statement s on s.id = l.statement_id
where s.at > %(asked)s and l.on between %(first)s and %(last)s and l.payment_id is not null
-- rows: ledger.read
select v.measure, o.id::text as id, 'ledger:voucher' as page, a.id as area_id,
  p.ended_on as day, 1::bigint as value
from ledger_payment p
join ledger_voucher o on o.id = p.voucher_id
join places_area a on a.path = o.area_path
cross join lateral (values ('payments_answered'), ('payments_returned')) v (measure)
where p.ended_on between %(first)s and %(last)s and p.state in ('confirmed', 'returned')
  and (v.measure = 'payments_answered' or p.state = 'returned')
