-- The people of each account, by their primary company; kept while the marts are built and not published.
select contacts.*, owner.account_id
from stg_contacts(getvariable('known_at')) contacts
join company_of(getvariable('known_at'), 'contacts') owner on owner.from_id = contacts.contact_id
