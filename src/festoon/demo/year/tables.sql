-- The year's data as the steps of the import want it. `{folder}` holds the parquet files; nothing is changed there.

create macro cents(amount) as cast(round(amount * 100) as bigint);
create macro local_time(stamp) as timezone('America/New_York', timezone('UTC', stamp));

create table raw as
select household_id as household, store_id as store, basket_id as basket, product_id as product, quantity,
       cents(sales_value) as net, cents(retail_disc) as card, cents(coupon_match_disc) as match,
       cents(coupon_disc) as maker, transaction_timestamp as stamp
from '{folder}/transactions.parquet';

create table known as
select product_id as product, manufacturer_id as manufacturer, department, brand, product_category as category,
       product_type as type, package_size as size
from '{folder}/products.parquet';

-- A product outside the catalogue of which never a unit and never a cent was sold: a line of pooled coupons.
create table pooled as
select product from raw anti join known using (product)
group by product having max(quantity) = 0 and max(net + card + match) = 0;

create table unknown as
select distinct product from (
    select product from raw union all select product_id from '{folder}/coupons.parquet'
) anti join known using (product);

create table line as
select raw.* exclude (stamp), net + match as price, pooled.product is null as goods,
       case when type like 'GASOLINE%' or (quantity = 0 and net + match <> 0) then
                cast(quantity <> 0 or net + match <> 0 as bigint)
            else quantity end as units
from raw left join known using (product) left join pooled using (product);

create table basket as
select basket, household, store, stamp, cast(local_time(stamp) as date) as day,
       cast(row_number() over (order by stamp, basket) - 1 as bigint) as number
from (select distinct basket, household, store, stamp from raw);

-- Lines in the order of their baskets, so that a run of baskets is read from one place.
create table basket_line as
select basket.number, line.* exclude (household, store) from line join basket using (basket)
order by number, product;

create table campaign as
select campaign_id as campaign, right(campaign_type, 1) as type, cast(start_date as date) as first,
       cast(end_date as date) as last,
       row_number() over (order by start_date, campaign_id) as place
from '{folder}/campaign_descriptions.parquet';

create table recipient as
select distinct campaign_id as campaign, household_id as household from '{folder}/campaigns.parquet';

create table scope as
select distinct campaign_id as campaign, cast(coupon_upc as varchar) as coupon, product_id as product
from '{folder}/coupons.parquet';

-- The same coupon of the same household in the same campaign a second time is use 2.
create table redemption as
select campaign_id as campaign, cast(coupon_upc as varchar) as coupon, household_id as household,
       cast(redemption_date as date) as day,
       cast(row_number() over (partition by campaign_id, coupon_upc, household_id order by redemption_date) as bigint)
           as use
from '{folder}/coupon_redemptions.parquet';

-- The basket a redemption is judged on: most in scope; where that is nothing in all of them, the largest; then by number.
create table chosen as
with worth as (
    select redemption.campaign, redemption.coupon, redemption.household, redemption.use, basket.basket,
           coalesce(sum(line.price) filter (where line.goods and scope.product is not null), 0) as in_scope,
           coalesce(sum(line.price) filter (where line.goods), 0) as in_all
    from redemption
    join basket using (household, day)
    join line using (basket)
    left join scope on scope.campaign = redemption.campaign and scope.coupon = redemption.coupon
                   and scope.product = line.product
    group by all
)
select campaign, coupon, household, use, basket from worth
qualify row_number() over (
    partition by campaign, coupon, household, use order by in_scope desc, in_all desc, basket
) = 1;

-- Redemptions one after the other as the days went by.
create table redeemed as
select cast(row_number() over (order by redemption.day, campaign, coupon, household, use) - 1 as bigint) as number,
       redemption.*, campaign.type, basket.basket, basket.number as basket_number, basket.store, basket.stamp,
       recipient.household is not null as listed
from redemption
join campaign using (campaign)
left join chosen using (campaign, coupon, household, use)
left join basket using (basket)
left join recipient on recipient.campaign = redemption.campaign and recipient.household = redemption.household;

-- Templates; one that was redeemed and is in no scope is about no goods at all (`known` is false).
create table template as
select campaign, coupon, bool_or(known) as known from (
    select campaign, coupon, true as known from scope union all select campaign, coupon, false from redemption
) group by all;

-- Campaigns that give every template to everybody on the list, one row a template.
create table given as
select cast(row_number() over (order by campaign.place, coupon) - 1 as bigint) as number, campaign, coupon, campaign.first
from template join campaign using (campaign) where type <> 'A' and known;

create macro slug(words) as coalesce(trim(regexp_replace(lower(words), '[^a-z0-9]+', '-', 'g'), '-'), 'unknown');

-- What a product mostly cost on the shelf, in cents; 0 where it was never sold by the piece.
create table shelf_price as
select product, price from (
    select product, cast(round((net + card + match) / quantity) as bigint) as price, count(*) as seen
    from line where goods and quantity > 0 and units = quantity group by all
) qualify row_number() over (partition by product order by seen desc, price) = 1;

create table product as
select cast(row_number() over (order by product) - 1 as bigint) as number, everything.*,
       coalesce(shelf_price.price, 0) as price
from (
    select *, slug(department) as department_slug, slug(category) as category_slug, 'known' as kind from known
    union all by name
    select product, 'unknown' as department_slug, 'unknown' as category_slug,
           case when pooled.product is null then 'unknown' else 'pooled' end as kind
    from unknown left join pooled using (product)
) everything left join shelf_price using (product);

create table shopper as
select cast(row_number() over (order by household) - 1 as bigint) as number, household,
       demographics.* exclude (household_id)
from (select distinct household from basket)
left join '{folder}/demographics.parquet' demographics on household_id = household;

drop table raw;
