-- card-payments 1: Card payments / 银行卡支付
-- sha256:c798a3c88ac92c633e957051edad97fe12fdb6c434f29653293acd098721aee3, for DuckDB
-- Generated: change the rules and translate again. / 自动生成：请修改规则后重新转换。
-- `asked` rows are not decided for certain: decide them with the program. / `asked` 为真的记录须由程序决策。
WITH
"rule parameters" AS (
SELECT
    CAST(40000 AS HUGEINT) AS "params.very_large",
    CAST(10000 AS HUGEINT) AS "params.night_amount",
    CAST(15000 AS HUGEINT) AS "params.large",
    CAST(22 AS HUGEINT) AS "params.night_from",
    CAST(4 AS HUGEINT) AS "params.night_until"
),
"list goods" AS (
SELECT DISTINCT CAST(entry AS VARCHAR) AS entry FROM (VALUES ('grocery_pos'), ('misc_net'), ('shopping_net'), ('shopping_pos')) AS entries(entry)
),
"request values" AS (
SELECT
    NULLIF(CAST("payment.id" AS VARCHAR), '') AS "payment.id",
    CASE WHEN typeof("payment.paid_at") = 'TIMESTAMP WITH TIME ZONE' THEN CAST(epoch_us(TRY_CAST("payment.paid_at" AS TIMESTAMPTZ)) AS HUGEINT) END AS "payment.paid_at",
    CASE WHEN TRY_CAST("payment.amount" AS DECIMAL(28, 6)) = "payment.amount" AND TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100 = floor(TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100) THEN CAST(TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100 AS HUGEINT) END AS "payment.amount",
    NULLIF(CAST("merchant.category" AS VARCHAR), '') AS "merchant.category",
    NULLIF(CAST("holder.profile" AS VARCHAR), '') AS "holder.profile",
    TRY_CAST("outcome.fraud" AS BOOLEAN) AS "outcome.fraud",
    CASE WHEN "payment.paid_at" IS NOT NULL AND CASE WHEN typeof("payment.paid_at") = 'TIMESTAMP WITH TIME ZONE' THEN CAST(epoch_us(TRY_CAST("payment.paid_at" AS TIMESTAMPTZ)) AS HUGEINT) END IS NULL THEN 'payment.paid_at' WHEN "payment.amount" IS NOT NULL AND CASE WHEN TRY_CAST("payment.amount" AS DECIMAL(28, 6)) = "payment.amount" AND TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100 = floor(TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100) THEN CAST(TRY_CAST("payment.amount" AS DECIMAL(28, 6)) * 100 AS HUGEINT) END IS NULL THEN 'payment.amount' WHEN "outcome.fraud" IS NOT NULL AND TRY_CAST("outcome.fraud" AS BOOLEAN) IS NULL THEN 'outcome.fraud' ELSE CAST(NULL AS VARCHAR) END AS "row misread"
FROM "requests"
),
"checked values" AS (
SELECT *,
    COALESCE("row misread", CASE WHEN "payment.id" IS NULL OR NOT regexp_full_match("payment.id", '[!-&(-<>-~一-鿿]([ -~、。一-鿿]*[!-~、。一-鿿])?') THEN 'payment.id' WHEN "payment.paid_at" IS NULL OR "payment.paid_at" NOT BETWEEN -62135510400000000 AND 253370764799999999 THEN 'payment.paid_at' WHEN "payment.amount" IS NULL OR "payment.amount" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN 'payment.amount' WHEN "merchant.category" IS NULL OR "merchant.category" NOT IN ('entertainment', 'food_dining', 'gas_transport', 'grocery_net', 'grocery_pos', 'health_fitness', 'home', 'kids_pets', 'misc_net', 'misc_pos', 'personal_care', 'shopping_net', 'shopping_pos', 'travel') THEN 'merchant.category' WHEN "outcome.fraud" IS NULL THEN 'outcome.fraud' ELSE CAST(NULL AS VARCHAR) END) AS "row unread",
    (FALSE) AS "row long"
FROM "request values" CROSS JOIN "rule parameters"
),
"shared expressions 1" AS (
SELECT "checked values".*,
    ("payment.amount" > "params.very_large") AS "n#2",
    ((((("payment.paid_at" + 0) % NULLIF(86400000000, 0)) + 86400000000) % NULLIF(86400000000, 0)) // NULLIF(3600000000, 0)) AS "n#7",
    CASE WHEN "merchant.category" IS NOT NULL THEN "entry 16".entry IS NOT NULL END AS "n#16",
    ends_with("merchant.category", '_net') AS "n#26",
    ("payment.amount" >= "params.large") AS "n#31"
FROM "checked values"
LEFT JOIN "list goods" AS "entry 16" ON "entry 16".entry = "merchant.category"
),
"shared expressions 2" AS (
SELECT "shared expressions 1".*,
    (("n#7" >= "params.night_from") OR ("n#7" < "params.night_until")) AS "n#14"
FROM "shared expressions 1"
),
"shared expressions 3" AS (
SELECT "shared expressions 2".*,
    ("n#14" AND "n#16" AND ("payment.amount" >= "params.night_amount")) AS "n#19"
FROM "shared expressions 2"
),
"all arms" AS (
SELECT "shared expressions 3".*,
    -- very_large: Very large payment / 金额过大
    -- // Few honest payments come to so much.
    -- if payment.amount > params.very_large {
    --     decline("VERY_LARGE")
    -- }
    CASE WHEN "n#2" THEN 1 ELSE 0 END AS "arm very_large",
    -- night_goods: Goods bought at night / 夜间购物
    -- // Goods that are easily sold on, bought while the cardholder sleeps.
    -- if is_night(hour(payment.paid_at), params.night_from, params.night_until) && merchant.category in lists.goods
    --     && payment.amount >= params.night_amount {
    --     refer("NIGHT_GOODS")
    -- }
    CASE WHEN "n#19" THEN 1 ELSE 0 END AS "arm night_goods",
    -- score_night: At night / 夜间
    -- // Cardholders sleep when their cards are tried.
    -- if is_night(hour(payment.paid_at), params.night_from, params.night_until) {
    --     score(40, "NIGHT")
    -- }
    CASE WHEN "n#14" THEN 1 ELSE 0 END AS "arm score_night",
    -- score_online: Online / 网上
    -- // Online nobody sees the card.
    -- if ends_with(merchant.category, "_net") {
    --     score(20, "ONLINE")
    -- }
    CASE WHEN "n#26" THEN 1 ELSE 0 END AS "arm score_online",
    -- score_large: Large payment / 金额较大
    -- // Large payments are worth a thief's while.
    -- if payment.amount >= params.large {
    --     score(30, "LARGE")
    -- }
    CASE WHEN "n#31" THEN 1 ELSE 0 END AS "arm score_large",
    -- strict_online: Challenger: everything online needs one more proof / 挑战者：网上支付一律加强验证
    -- // Watched beside the score, to show what it would cost.
    -- if ends_with(merchant.category, "_net") {
    --     step_up("ONLINE")
    -- }
    CASE WHEN "n#26" THEN 1 ELSE 0 END AS "arm strict_online"
FROM "shared expressions 3"
),
"stage certain step 1" AS (
SELECT "all arms".*,
    "payment.paid_at" IS NOT NULL AS "reached certain",
    CASE WHEN "arm very_large" IN (-1, 1) THEN 0 WHEN "arm night_goods" IN (-1, 1) THEN 1 ELSE 2 END AS "settles certain"
FROM "all arms"
),
"stage certain step 2" AS (
SELECT "stage certain step 1".*,
    CASE WHEN "reached certain" AND "settles certain" >= 0 THEN "arm very_large" ELSE 0 END AS "took very_large",
    CASE WHEN "reached certain" AND "settles certain" >= 1 THEN "arm night_goods" ELSE 0 END AS "took night_goods"
FROM "stage certain step 1"
),
"stage certain step 3" AS (
SELECT "stage certain step 2".*,
    GREATEST(0, CASE "took very_large" WHEN -1 THEN 3 WHEN 1 THEN 4 ELSE 0 END, CASE "took night_goods" WHEN -1 THEN 3 WHEN 1 THEN 3 ELSE 0 END) AS "verdict certain",
    CAST(0 AS HUGEINT) AS "score certain"
FROM "stage certain step 2"
),
"stage certain step 4" AS (
SELECT "stage certain step 3".*,
    0 AS "band certain"
FROM "stage certain step 3"
),
"stage certain step 5" AS (
SELECT "stage certain step 4".*,
    GREATEST("verdict certain", CASE WHEN "band certain" = 1 THEN 0 ELSE "band certain" END) AS "result certain"
FROM "stage certain step 4"
),
"stage score step 1" AS (
SELECT "stage certain step 5".*,
    "payment.paid_at" IS NOT NULL AND "result certain" <> 4 AND "result certain" <> 1 AS "reached score",
    4 AS "settles score"
FROM "stage certain step 5"
),
"stage score step 2" AS (
SELECT "stage score step 1".*,
    CASE WHEN "reached score" AND "settles score" >= 0 THEN "arm score_night" ELSE 0 END AS "took score_night",
    CASE WHEN "reached score" AND "settles score" >= 1 THEN "arm score_online" ELSE 0 END AS "took score_online",
    CASE WHEN "reached score" AND "settles score" >= 2 THEN "arm score_large" ELSE 0 END AS "took score_large",
    CASE WHEN "reached score" THEN "arm strict_online" ELSE 0 END AS "took strict_online"
FROM "stage score step 1"
),
"stage score step 3" AS (
SELECT "stage score step 2".*,
    GREATEST(0, CASE "took score_night" WHEN -1 THEN 3 ELSE 0 END, CASE "took score_online" WHEN -1 THEN 3 ELSE 0 END, CASE "took score_large" WHEN -1 THEN 3 ELSE 0 END) AS "verdict score",
    GREATEST(-9223372036854775808, LEAST(9223372036854775807, (GREATEST(-9223372036854775808, LEAST(9223372036854775807, (GREATEST(-9223372036854775808, LEAST(9223372036854775807, (CAST(0 AS HUGEINT) + CASE WHEN "took score_night" = 1 THEN CAST(40 AS HUGEINT) ELSE 0 END))) + CASE WHEN "took score_online" = 1 THEN CAST(20 AS HUGEINT) ELSE 0 END))) + CASE WHEN "took score_large" = 1 THEN CAST(30 AS HUGEINT) ELSE 0 END))) AS "score score"
FROM "stage score step 2"
),
"stage score step 4" AS (
SELECT "stage score step 3".*,
    CASE WHEN "reached score" AND "score score" >= 60 THEN 3 WHEN "reached score" AND "score score" >= 40 THEN 2 ELSE 0 END AS "band score"
FROM "stage score step 3"
),
"stage score step 5" AS (
SELECT "stage score step 4".*,
    GREATEST("verdict score", CASE WHEN "band score" = 1 THEN 0 ELSE "band score" END) AS "result score"
FROM "stage score step 4"
),
"decision values" AS (
SELECT "stage score step 5".*,
    GREATEST(1, CASE WHEN "payment.paid_at" IS NULL THEN 3 ELSE 1 END, "result certain", "result score") AS "decision final",
    GREATEST(-9223372036854775808, LEAST(9223372036854775807, (GREATEST(-9223372036854775808, LEAST(9223372036854775807, (CAST(0 AS HUGEINT) + "score certain"))) + "score score"))) AS "decision score",
    COALESCE(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR)) AS "decision interface",
    COALESCE(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR)) AS "decision routed_by",
    NULLIF(LEAST(CAST(9223372036854775808 AS HUGEINT), CAST(9223372036854775808 AS HUGEINT)), CAST(9223372036854775808 AS HUGEINT)) AS "decision limit_single",
    NULLIF(LEAST(CAST(9223372036854775808 AS HUGEINT), CAST(9223372036854775808 AS HUGEINT)), CAST(9223372036854775808 AS HUGEINT)) AS "decision limit_day",
    NULLIF(LEAST(CAST(9223372036854775808 AS HUGEINT), CAST(9223372036854775808 AS HUGEINT)), CAST(9223372036854775808 AS HUGEINT)) AS "decision limit_month",
    NULLIF(LEAST(CAST(9223372036854775808 AS HUGEINT), CAST(9223372036854775808 AS HUGEINT)), CAST(9223372036854775808 AS HUGEINT)) AS "decision limit_year",
    ("took very_large" = -1 OR "took night_goods" = -1 OR "took score_night" = -1 OR "took score_online" = -1 OR "took score_large" = -1 OR "took strict_online" = -1) AS "decision fails"
FROM "stage score step 5"
),
"decision lists" AS (
SELECT "decision values".*,
    [CASE WHEN "payment.paid_at" IS NULL AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took very_large" = 1 AND 4 = "decision final" THEN 'VERY_LARGE' END, CASE WHEN "took very_large" = -1 AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took night_goods" = 1 AND 3 = "decision final" THEN 'NIGHT_GOODS' END, CASE WHEN "took night_goods" = -1 AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took score_night" = -1 AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took score_online" = -1 AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took score_large" = -1 AND 3 = "decision final" THEN 'SYSTEM_ERROR' END, CASE WHEN "took score_night" = 1 AND CAST(40 AS HUGEINT) > 0 AND "band score" = "decision final" THEN 'NIGHT' END, CASE WHEN "took score_online" = 1 AND CAST(20 AS HUGEINT) > 0 AND "band score" = "decision final" THEN 'ONLINE' END, CASE WHEN "took score_large" = 1 AND CAST(30 AS HUGEINT) > 0 AND "band score" = "decision final" THEN 'LARGE' END] AS "reason list",
    [CASE WHEN "took very_large" > 0 THEN 'very_large' END, CASE WHEN "took night_goods" > 0 THEN 'night_goods' END, CASE WHEN "took score_night" > 0 THEN 'score_night' END, CASE WHEN "took score_online" > 0 THEN 'score_online' END, CASE WHEN "took score_large" > 0 THEN 'score_large' END] AS "hit list",
    [CASE WHEN "took strict_online" > 0 THEN 'strict_online' END] AS "shadow hit list",
    [CASE WHEN "payment.paid_at" IS NULL THEN 'stage:certain' END, CASE WHEN "took very_large" = -1 THEN 'very_large' END, CASE WHEN "took night_goods" = -1 THEN 'night_goods' END, CASE WHEN "took score_night" = -1 THEN 'score_night' END, CASE WHEN "took score_online" = -1 THEN 'score_online' END, CASE WHEN "took score_large" = -1 THEN 'score_large' END] AS "error list"
FROM "decision values"
)
SELECT
    CAST("payment.id" AS VARCHAR) AS key,
    CASE WHEN "row unread" IS NULL THEN CASE "decision final" WHEN 1 THEN 'accept' WHEN 2 THEN 'step_up' WHEN 3 THEN 'refer' WHEN 4 THEN 'decline' END END AS verdict,
    CASE WHEN "row unread" IS NULL THEN "decision interface" END AS interface,
    CASE WHEN "row unread" IS NULL THEN CAST("decision score" AS BIGINT) END AS score,
    CASE WHEN "row unread" IS NULL THEN NULLIF(array_to_string(list_filter("reason list", lambda item, place: item IS NOT NULL AND list_position("reason list", item) = place), ';'), '') END AS reasons,
    CASE WHEN "row unread" IS NULL THEN NULLIF(array_to_string(list_filter("hit list", lambda item, place: item IS NOT NULL AND list_position("hit list", item) = place), ';'), '') END AS hits,
    COALESCE('unread:' || "row unread", CASE WHEN "row unread" IS NULL THEN NULLIF(array_to_string(list_filter("error list", lambda item, place: item IS NOT NULL AND list_position("error list", item) = place), ';'), '') END) AS errors,
    CASE WHEN "row unread" IS NULL THEN CAST("decision limit_single" AS BIGINT) END AS limit_single,
    CASE WHEN "row unread" IS NULL THEN CAST("decision limit_day" AS BIGINT) END AS limit_day,
    CASE WHEN "row unread" IS NULL THEN CAST("decision limit_month" AS BIGINT) END AS limit_month,
    CASE WHEN "row unread" IS NULL THEN CAST("decision limit_year" AS BIGINT) END AS limit_year,
    CASE WHEN "row unread" IS NULL THEN "decision routed_by" END AS routed_by,
    CASE WHEN "row unread" IS NULL THEN NULLIF(array_to_string(list_filter("shadow hit list", lambda item, place: item IS NOT NULL AND list_position("shadow hit list", item) = place), ';'), '') END AS shadow_hits,
    ("row unread" IS NOT NULL OR "row long" OR "decision fails") AS asked
FROM "decision lists";
