"""A plan for few rows is kept, one for many is made each time.

Planning anew cost five times what it took to place the one request that somebody just brought.
"""

from django.db import migrations

FEW = """
alter function funnel_place(text, uuid[]) rename to funnel_placed;
alter function funnel_placed(text, uuid[]) reset plan_cache_mode;
create function funnel_place_few(source text, ids uuid[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan as $$
begin perform funnel_placed(source, ids); end $$;
create function funnel_place_many(source text, ids uuid[]) returns void language plpgsql
set plan_cache_mode = force_custom_plan as $$
begin perform funnel_placed(source, ids); end $$;
create function funnel_place(source text, ids uuid[]) returns void language plpgsql as $$
begin
    if cardinality(ids) <= 10 then
        perform funnel_place_few(source, ids);
    else
        perform funnel_place_many(source, ids);
    end if;
end $$;
"""

BACK = """
drop function funnel_place(text, uuid[]);
drop function funnel_place_many(text, uuid[]);
drop function funnel_place_few(text, uuid[]);
alter function funnel_placed(text, uuid[]) rename to funnel_place;
alter function funnel_place(text, uuid[]) set plan_cache_mode = force_custom_plan;
"""


class Migration(migrations.Migration):
    dependencies = [("funnel", "0002_watch")]
    operations = [migrations.RunSQL(FEW, BACK)]
