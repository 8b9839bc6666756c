# Words of the audit report. One message an idea; placeables in braces are filled in by the program.
# House rules: never "discrimination", never "fair". A ratio of selection rates is worded as selection, never as
# rejection. Every sentence about a comparison names the comparator, the counts behind both rates, and the period.

audit-title = Audit of outcomes
audit-period-unknown = the period of the data
audit-organisation-unknown = Organisation not named
audit-organisations = { $count } organisations

audit-verdict-gap = Gap
audit-verdict-ruled-out = Ruled out
audit-verdict-cannot-tell = Cannot tell
audit-verdict-not-assessed = Not assessed

audit-verdict-gap-meaning = A difference that chance does not explain, after allowing for vacancy and for the number of comparisons.
audit-verdict-ruled-out-meaning = The numbers are large enough to exclude a shortfall as large as the margin.
audit-verdict-cannot-tell-meaning = The numbers allow neither conclusion. It does not mean that there is no gap.
audit-verdict-not-assessed-meaning = There was nothing to compare.

audit-stretch = from { $from } to { $to }
audit-stretch-whole = from { $from } to { $to }, the whole journey
audit-everybody-else = everybody else who declared
audit-the-group = the group "{ $group }"
audit-most-selected = the most selected group
audit-why-small = to protect small counts
audit-why-earlier = because an earlier report was given out and subtracting it would leave fewer people than may be shown, or to protect small counts
audit-why-withdrawals = to protect small counts, or because few people withdrew between two decisions
audit-why-both = because an earlier report was given out and subtracting it would leave fewer people than may be shown, because few people withdrew between two decisions, or to protect small counts
audit-suppressed = fewer than { $minimum }, or hidden to protect such a count

# Sentences of findings.
audit-counts = { $progressed } of { $entered } ({ $rate }) went { $stretch }, against { $comparator_progressed } of { $comparator_entered } ({ $comparator_rate }) of { $comparator }, in { $period }
audit-gap-lower = { $group }: { $counts }. { $together ->
    [0] Within the same vacancies their
   *[other] Over all vacancies together their
 } selection rate was { $ratio } times that of the comparator (95 % interval { $low } to { $high }), { $short } { $short_count ->
    [one] person
   *[other] people
 } fewer than the rate of everybody there would give; chance explains this poorly ({ $holm } after adjustment). { $undeclared }
audit-gap-higher = { $group }: { $counts }. { $together ->
    [0] Within the same vacancies their
   *[other] Over all vacancies together their
 } selection rate was { $ratio } times that of the comparator (95 % interval { $low } to { $high }), { $short } { $short_count ->
    [one] person
   *[other] people
 } more than the rate of everybody there would give; chance explains this poorly ({ $holm } after adjustment). { $undeclared }
audit-ruled-out = { $group }: { $counts }. A selection rate below { $margin } of the comparator's is ruled out { $together ->
    [0] within the same vacancies
   *[other] over all vacancies together
 } (ratio { $ratio }, 95 % interval { $low } to { $high }). { $undeclared }
audit-cannot-tell = { $group }: { $counts }. The numbers allow neither conclusion (ratio { $ratio }, 95 % interval { $low } to { $high }). { $detectable } { $undeclared }
audit-cannot-tell-not-after-adjustment = { $group }: { $counts }. On its own this difference would stand out (ratio { $ratio }, 95 % interval { $low } to { $high }, { $mid }), but among { $comparisons } comparisons one like it is to be expected ({ $holm } after adjustment). Worth watching. { $undeclared }
audit-cannot-tell-few-people = { $group }: { $counts }. The difference is { $short } { $short_count ->
    [one] person
   *[other] people
 }, fewer than the policy calls a gap (ratio { $ratio }, 95 % interval { $low } to { $high }). { $undeclared }
audit-hidden-gap-lower = { $group }: selected less often than { $comparator } { $stretch } in { $period }, by more than chance explains. The counts are not shown, { $why }. { $undeclared }
audit-hidden-gap-higher = { $group }: selected more often than { $comparator } { $stretch } in { $period }, by more than chance explains. The counts are not shown, { $why }. { $undeclared }
audit-hidden-ruled-out = { $group }: a selection rate below { $margin } of that of { $comparator } { $stretch } in { $period } is ruled out. The counts are not shown, { $why }. { $undeclared }
audit-hidden-cannot-tell = { $group }, compared with { $comparator } { $stretch } in { $period }: no conclusion is given, because it would rest on counts that are hidden { $why }. { $undeclared }
audit-not-assessed = { $group }, compared with { $comparator } { $stretch } in { $period }: { $reason }.

audit-relative-likelihood = The relative likelihood of { $comparator } applicants being appointed from shortlisting compared with { $group } applicants is { $ratio } (95 % interval { $low } to { $high }), all vacancies together: { $comparator_progressed } of { $comparator_entered } shortlisted applicants were appointed, against { $progressed } of { $entered }, in { $period }.
audit-reference-over-group = All vacancies together, as the standard prints it: the relative likelihood { $stretch } of { $comparator } compared with { $group } is { $ratio } (95 % interval { $low } to { $high }).
audit-one-person = The pooled ratio is below { $margin }, but would not be if one selection had gone the other way.

audit-reason-nobody-in-group = nobody of this group reached this decision
audit-reason-nobody-to-compare-with = there was nobody to compare with
audit-reason-no-shared-vacancy = no vacancy had people of both
audit-reason-nothing-differed = in every vacancy with people of both, either everybody or nobody went on
audit-reason-share-too-small = the group's share of people is below what the policy compares

audit-detectable = With these numbers, only a selection rate below { $ratio } times the comparator's would usually have been seen.
audit-detectable-nobody = With these numbers, only a group of which hardly anybody was selected would usually have been seen.
audit-detectable-none = With these numbers, even a group of which nobody was selected would often have gone unnoticed.

audit-undeclared-none = Everybody declared.
audit-undeclared-few = How many did not declare is not shown, to protect a small count; depending on who they are, the ratio could be anything from about { $low } to { $high }.
audit-undeclared-few-hidden = How many did not declare is not shown, to protect a small count.
audit-undeclared-few-survives = How many did not declare is not shown, to protect a small count; the gap stands however they are divided (ratio from about { $low } to { $high }).
audit-undeclared-few-survives-hidden = How many did not declare is not shown, to protect a small count; the gap stands however they are divided.
audit-undeclared-few-depends = How many did not declare is not shown, to protect a small count; depending on who they are, the ratio could be anything from about { $low } to { $high }, and at the end nearest to 1 the difference would no longer pass the test.
audit-undeclared-few-depends-hidden = How many did not declare is not shown, to protect a small count; divided in the way that narrows the difference most, the gap would no longer pass the test.
audit-undeclared-share = { $share } did not declare; depending on who they are, the ratio could be anything from { $low } to { $high }.
audit-undeclared-share-hidden = { $share } did not declare.
audit-undeclared-survives = { $share } did not declare; the gap stands however they are divided (ratio from { $low } to { $high }).
audit-undeclared-survives-hidden = { $share } did not declare; the gap stands however they are divided.
audit-undeclared-depends = { $share } did not declare; depending on who they are, the ratio could be anything from { $low } to { $high }, and at the end nearest to 1 the difference would no longer pass the test.
audit-undeclared-depends-hidden = { $share } did not declare; divided in the way that narrows the difference most, the gap would no longer pass the test.

# Warnings.
audit-warning-unmapped = { $characteristic }: answers that the rules do not know, counted as "answer not in the rules": { $labels }.
audit-warning-rows = { $rows } of { $of } rows were left out because they could not be read: { $first }.
audit-warning-not-told-apart = The table does not tell vacancies apart: everybody is compared with everybody, so a difference can come from who applied for which vacancy. Add a column stratum with the vacancy of each count.
audit-warning-stages = { $rows } of { $of } rows are left out because no rule knows the stage in them: { $labels }. Who is left out depends on what became of them, so every number here can be wrong, and a gap can even turn round. Say in a mapping file, under [values.furthest_stage], which stage each of these had reached, and make the report again.
audit-matters-stages = Read this first
audit-warning-nobody-declared = Nobody declared: { $characteristics }. Nothing can be said of that here.
audit-warning-undeclared = { $characteristic }: { $share } of people did not declare. Findings on it rest on those who did.
audit-warning-dates = { $rows ->
    [one] One row has a date that could not be read; it is counted
   *[other] { $rows } rows have a date that could not be read; they are counted
 }, but the date is not used. Write dates as 2026-03-31 or 31/03/2026.
audit-warning-one-sided = Before and after { $change } cannot be compared: all decisions with a date are on one side of it, from { $first } to { $last }. Give a date between these, or data from before and after.
audit-warning-one-sided-undated = Before and after { $change } cannot be compared: no vacancy has a date of its decisions. Add a column with the date on which each was decided.
audit-warning-not-compared = Read and not compared, because the policy { $policy } does not look at it: { $characteristics }.
audit-warning-not-compared-rows = { $rows ->
    [one] One row of { $characteristics } was read and not compared, because the policy { $policy } does not look at it.
   *[other] { $rows } rows of { $characteristics } were read and not compared, because the policy { $policy } does not look at it.
 }
audit-warning-benchmark-not-compared = Nobody was compared with these shares of { $benchmark }, because the report has no such groups: { $shares }. Shares must be of the categories or the grouping that the report shows.
audit-warning-stages-not-compared = The data also have decisions that are not compared, because the policy { $policy } does not look at them: { $stretches }.
audit-warning-columns-not-used = Standard input is read once, so what is in these columns was not used: { $columns }. Give a file instead.
audit-warning-factors-not-used = Standard input is read once, so there is no comparison level by level for these: { $factors }. Give a file instead.
audit-warning-nobody-turned-down = All { $people } people went on { $stretch }, and later decisions turned people down. That can be so. It is also what a table looks like that leaves out whom the first decision turned down, or in which a stage names the decision ("shortlisted, no" of somebody who was not shortlisted): then no number here is right. The first needs all applications; the second a mapping file with "no" = "not reached" and "yes" = "reached" under [values.outcome], in the words of the table.
audit-warning-unfinished = { $vacancies ->
    [one] One vacancy is
   *[other] { $vacancies } vacancies are
 } left out of the whole journey, because people there still wait for a decision.
audit-warning-pooling = { $group } { $stretch }: all vacancies pooled would tell another story (ratio { $pooled }) than vacancy by vacancy (ratio { $ratio }). The comparison by vacancy is the one to use.

# The first page.
audit-looked-at = What we looked at
audit-looked-at-text = { $people } { $people_count ->
    [one] application that was
   *[other] applications that were
 } decided, for { $vacancies ->
    [0] all vacancies together, which the table does not tell apart
    [one] { $vacancies } vacancy
   *[other] { $vacancies } vacancies
 }: { $decisions }, by { $characteristics } { $characteristics ->
    [one] characteristic
   *[other] characteristics
 }. { $tested ->
    [0] No comparison was tested.
    [one] The tests allow for one comparison.
   *[other] The tests allow for { $comparisons } different comparisons.
 }
audit-looked-at-second = The verdicts count each group once for each decision. Comparisons with a second group stand in the evidence.
audit-people-hidden = All
audit-decisions = { $count ->
    [0] the whole journey
    [one] one decision
   *[other] { $count } decisions
 }
audit-matters = What matters most
audit-matters-other-gaps = { $all ->
    [one] One comparison came out as a gap
   *[other] { $all } comparisons came out as a gap
 }: in { $lower } a group was selected less often, in { $higher } more often, which can be the other side of the same gap.
audit-matters-none = No comparison came out as a gap.
audit-matter = { $counts }. That is { $ratio } times the comparator's selection rate { $together ->
    [0] within the same vacancies
   *[other] over all vacancies together
 } (95 % interval { $low } to { $high }): { $short } { $short_count ->
    [one] person
   *[other] people
 } { $direction ->
    [higher] more
   *[lower] fewer
 } than the rate of everybody there would give. { $undeclared }
audit-matter-undeclared-depends = It would not stand if the { $share } who did not declare were divided in the way that narrows the difference most.
audit-matter-undeclared-few-depends = How many did not declare is not shown; it would not stand if they were divided in the way that narrows the difference most.
audit-matter-undeclared-few-survives = How many did not declare is not shown; it stands however they are divided.
audit-matter-undeclared-survives = It stands however the { $share } who did not declare are divided.
audit-ruled-out-summary = { $count ->
    [0] No comparison was large enough to rule out a selection rate below { $margin } of the comparator's.
    [one] In one comparison a selection rate below { $margin } of the comparator's is ruled out.
   *[other] In { $count } comparisons a selection rate below { $margin } of the comparator's is ruled out.
 }
audit-could-not-tell = What we could not tell
audit-below-margin-summary = Selection rates below { $margin } of the comparator's, all vacancies together: { $groups }. Of few people one selection more or less can turn this; the verdicts rest on the exact test and the interval. { $hidden ->
    [0] {""}
    [one] One comparison is left out here, because its counts are hidden.
   *[other] { $hidden } comparisons are left out here, because their counts are hidden.
 }
audit-below-margin-none = No selection rate that is shown is below { $margin } of the comparator's, all vacancies together. { $hidden ->
    [0] {""}
    [one] One comparison is left out here, because its counts are hidden.
   *[other] { $hidden } comparisons are left out here, because their counts are hidden.
 }
audit-below-margin-group = { $group }, { $stretch } ({ $ratio } of the rate of { $comparator })
audit-could-not-tell-nothing = No comparison could be made, so nothing can be concluded.
audit-could-not-tell-text = { $count ->
    [0] Every comparison that was made gave an answer.
    [one] One of { $all } comparisons allows no conclusion.
   *[other] { $count } of { $all } comparisons allow no conclusion.
 } { $hidden ->
    [0] {""}
    [one] In one of them numbers are hidden, { $why }.
   *[other] In { $hidden } of them numbers are hidden, { $why }.
 }
audit-could-not-tell-only = The only comparison allows no conclusion. { $hidden ->
    [0] {""}
   *[other] Its numbers are hidden, { $why }.
 }
audit-could-not-tell-all-hidden = { $count } of { $all } comparisons allow no conclusion. In all of these numbers are hidden, { $why }.
audit-comparator-hidden-summary = { $count ->
    [one] One comparison has no ratio that may be shown, because counts of the group compared with are hidden.
   *[other] { $count } comparisons have no ratio that may be shown, because counts of the group compared with are hidden.
 }
audit-best-seen = Even the one with most to go on ({ $group }, { $stretch }) would usually have shown only a selection rate below { $ratio } times that of { $comparator }; a smaller difference would often have gone unseen.
audit-next = What to do next
audit-next-gap-together = Read criteria, scoring sheets and reasons: { $decisions }; and count vacancy by vacancy, since a difference over all of them together can come from who applied for which. The numbers say where to look, not why.
audit-next-gap = In the vacancies with the largest shortfall, read criteria, scoring sheets and reasons: { $decisions }. The numbers say where to look, not why.
audit-next-gap-decision = { $stretch } ({ $groups })
audit-next-undeclared = Find out why so many people leave { $count ->
    [one] { $characteristics } blank
   *[other] these blank: { $characteristics }
 }, and ask again at a later stage.
audit-next-nobody-declared = Ask applicants for what nobody declared, or bring the answers in: { $characteristics }.
audit-next-cannot-tell = Add a longer period, or pool with similar organisations, before concluding that nothing is wrong where we could not tell.
audit-next-earlier = To see what is hidden because of earlier reports, wait until enough people have been added, or ask for the same period as before.
audit-next-withdrawals = Where it may be known that few people withdrew between two decisions, audit with --show-withdrawals: it shows what is hidden for that alone.
audit-next-among-shown = To see whether a hidden group is the most selected one, audit a longer period or fewer categories.
audit-next-comparator-hidden = To see the ratios to { $comparators }, audit a longer period or broader groups.
audit-next-unmapped = Some answers are worded in a way that the rules do not know: say in a mapping file what they mean, and run the audit again.
audit-next-nothing-compared = Choose a policy that looks at what the data have, or add the decisions and characteristics that this one compares.
audit-next-keep = Keep recording outcomes, and repeat the audit when the number of decisions has doubled.

audit-how-selection = How often each group went on
audit-how-selection-note = The bar is the share who went on among those decided; the upright line is the share of everybody. Hatched: hidden, because a count is below { $minimum } or would give one away.
audit-how-ratio = Selection rate against { $comparator }
audit-how-ratio-note = One row a comparison. The mark is the ratio of selection rates within the same vacancies, the line its { $confidence } interval. Left of 1: selected less often. Shaded: differences too small to be seen with these numbers.
audit-representation = Who applied and was decided on, against { $benchmark }
audit-representation-note = Shares of everybody who declared and was decided on at the first stage; who withdrew before that, or waits, is not counted. The p-values are not adjusted for their number. Who lives in an area is not who could have applied: age, qualifications and distance differ. A difference is a reason to look at how posts are advertised, not a finding about a decision.
audit-method = How the numbers were made

audit-term-rate = Selection rate
audit-meaning-rate = Of the people of a group who reached a decision and had not withdrawn, the share who went on. Its interval is Wilson's.
audit-term-ratio = Ratio
audit-meaning-ratio = The selection rate of a group over that of its comparator, vacancy by vacancy, brought together with Mantel-Haenszel weights, so that people are only compared with people who applied for the same post.
audit-term-interval = Interval
audit-meaning-interval = The ratios that the data do not contradict at { $confidence } confidence: a score interval over vacancies, in the manner of Miettinen and Nurminen. Where it holds 1, no difference is among them.
audit-term-test = Exact p
audit-meaning-test = How often a difference at least this unlikely would arise if, in each vacancy, the same number of people had been selected without regard to group: the exact conditional (hypergeometric) test over vacancies, two-sided, with the mid-p correction. Where the numbers are very large, its large-sample form with a correction for skewness takes its place.
audit-term-adjusted = Adjusted p
audit-meaning-adjusted = Among { $comparisons } comparisons some look striking by chance. Holm's adjustment keeps the chance of any false finding at { $significance }; Benjamini and Hochberg's (BH) keeps the share of false findings there. The same two groups seen from either side count once.
audit-term-gap = Gap
audit-meaning-gap = A p-value of at most { $significance } after Holm's adjustment, an interval that excludes 1, and a difference of at least { $fewest } people.
audit-term-ruled-out = Ruled out
audit-meaning-ruled-out = The whole interval lies above { $margin }: a selection rate below that share of the comparator's is excluded.
audit-term-seen = Smallest ratio seen
audit-meaning-seen = The ratio below which a difference would have been noticed with { $power } probability, at the numbers and rates of these vacancies. Differences nearer to 1 usually go unseen.
audit-term-short = People short
audit-meaning-short = Selections that the group would have had at the rate of everybody in the same vacancies, less those it had. Negative: it had more.
audit-term-fifths = Below 4/5
audit-meaning-fifths = Whether the pooled ratio is below { $margin }, compared in whole numbers: exactly 0.80 is not below four fifths. Shown because it is widely asked for; it is no test.
audit-term-undeclared = If all declared
audit-meaning-undeclared = The smallest and largest ratio over every way in which the people who did not declare could be divided between the group and its comparator.
audit-term-whole = The whole journey
audit-meaning-whole = From the first decision to the last, without those who withdrew on the way, and only vacancies in which nobody waits for a decision.
audit-term-small = Small counts
audit-meaning-small = Counts from 1 to one below { $minimum }, of people who entered, went on or were turned down, are hidden, and others beside them so that totals and differences do not give them back. Rates, ratios, intervals and p-values that would give a hidden count back are hidden with it. A verdict on hidden counts is given only where it would be the same whatever the small ones among them were, as far as totals tell; otherwise it reads as if we could not tell. Where few people did not declare, what their count would follow from is hidden too; where few withdrew between two decisions, how many stood at the later one. Statistics over several vacancies are given to three digits, so that they cannot be matched against single vacancies.
audit-term-pooled = Pooled ratio
audit-meaning-pooled = The ratio of the rates with all vacancies thrown together. Where groups apply for different posts it can mislead, even in direction.

# Evidence that may be read after every decision, and what changed since the last report.
audit-sequential = Evidence, decision after decision
audit-evidence-note = An e-value says how much better a difference explains the decisions than none does: { $line } is reached by chance in at most one of { $line } comparisons without a difference, however often one looks. Vacancies are read in the order of the dates on which their decisions were finished ({ $dated } of { $vacancies } have one), then as they stand in the data. The last e-value is the same in every order; when the line was reached is not. Vacancies with decisions to come add nothing yet ({ $open }).
audit-evidence-note-at-once = An e-value says how much better a difference explains the decisions than none does: { $line } is reached by chance in at most one of { $line } comparisons without a difference, however often one looks. These counts do not tell vacancies apart, so that all decisions are read at once and nothing is known of when evidence grew. Counts by vacancy, read in the order of their decisions, say more.
audit-evidence-text = { $group }, compared with { $comparator } { $stretch } in { $period }: after { $vacancies } { $vacancies ->
    [one] vacancy
   *[other] vacancies
 } the e-value is { $e }, and odds ratios from { $low } to { $high } are not excluded at any time. { $crossed }
audit-evidence-text-at-once = { $group }, compared with { $comparator } { $stretch } in { $period }: from all decisions at once the e-value is { $e }, and odds ratios from { $low } to { $high } are not excluded at any time. { $crossed }
audit-evidence-crossed-on = It reached { $line } with the decision of { $date }.
audit-evidence-crossed = It reached { $line } on the way.
audit-evidence-sunk-on = It reached { $line } with the decision of { $date } and is { $e } now. That it reached { $line } is what counts: evidence that may be read at any time stands once the line is crossed.
audit-evidence-sunk = It reached { $line } on the way and is { $e } now. That it reached { $line } is what counts: evidence that may be read at any time stands once the line is crossed.
audit-evidence-not-crossed = It has not reached { $line }.
audit-evidence-rest = The evidence of { $count } other comparisons has not reached { $line }; the largest e-value among them is { $e }. The web page, the workbook and JSON have every one.
audit-changes = What changed since the report of { $since }
audit-changes-none = No verdict changed, and no evidence crossed its line.
audit-changes-new-gap = New gap. { $sentence }
audit-changes-gone-gap = No longer a gap. { $sentence }
audit-changes-crossed = Evidence crossed its line. { $sentence }
audit-changes-verdict = { $group }, compared with { $comparator } { $stretch } in { $period }: was "{ $then }", is "{ $now }".
audit-earlier-reports = { $counts } { $counts ->
    [one] count is
   *[other] counts are
 } hidden because of earlier reports, of which { $reports ->
    [one] one was
   *[other] { $reports } were
 } given out (each level and period that a report compares is one): subtracting one report from another would leave fewer people than may be shown. They come back when enough decisions have been added.

# Evidence over time.
watch-title = Evidence over time
watch-all-vacancies = All vacancies
watch-vacancies = vacancies
watch-date-unknown = an unknown date
watch-period = the decisions from { $from } to { $to }
watch-summary = { $series } { $series ->
    [one] series is
   *[other] series are
 } watched. { $crossed ->
    [0] None has crossed the line that allows for their number.
    [one] One has crossed the line that allows for their number.
   *[other] { $crossed } have crossed the line that allows for their number.
 } { $own ->
    [0] None has crossed the line of a single series.
    [one] One has crossed the line of a single series.
   *[other] { $own } have crossed the line of a single series.
 }
watch-note = Each group is compared with everybody else who declared, vacancy by vacancy in the order of the dates on which decisions were finished. An e-value of { $line } is reached by chance in at most one of { $line } series without a difference, however often one looks; { $all } is reached in any of the { $series } series with no more than that chance. A point is drawn when at least { $minimum } people stand behind each count of the step to it, so that steps tell nothing of a few. Vacancies with decisions to come ({ $open }) add nothing yet; those without a date ({ $undated }) are read last.
watch-column-points = e-value after so many vacancies, by date
watch-column-crossed = Crossed the line of one series
watch-column-crossed-all = Crossed the line of all
watch-table = { $family }: e-values by group and decision
watch-chart = { $family }: e-values as decisions are added
watch-chart-description = One line a group and decision, the strongest evidence first. Upwards: more evidence of a difference. The two dashed levels are the line of a single series and the line that allows for the number of series. The table beside it has every point.
watch-too-few = No group has enough decisions for a point: each needs { $minimum } people behind every count.
watch-too-small = { $count } further { $count ->
    [one] series has
   *[other] series have
 } too few people for a point: each needs { $minimum } behind every count.
watch-crossed-all-lower = { $group }, selected less often than everybody else who declared { $stretch } ({ $family }, { $period }): the evidence crossed the line that allows for all series ({ $all }) on { $date }; after { $vacancies } vacancies the e-value is { $e }.
watch-crossed-all-higher = { $group }, selected more often than everybody else who declared { $stretch } ({ $family }, { $period }): the evidence crossed the line that allows for all series ({ $all }) on { $date }; after { $vacancies } vacancies the e-value is { $e }.
watch-crossed-lower = { $group }, selected less often than everybody else who declared { $stretch } ({ $family }, { $period }): the evidence crossed the line of a single series ({ $line }) on { $date }, not the one that allows for all series ({ $all }); after { $vacancies } vacancies the e-value is { $e }. Worth watching.
watch-crossed-higher = { $group }, selected more often than everybody else who declared { $stretch } ({ $family }, { $period }): the evidence crossed the line of a single series ({ $line }) on { $date }, not the one that allows for all series ({ $all }); after { $vacancies } vacancies the e-value is { $e }. Worth watching.
watch-not-crossed = { $group }, compared with everybody else who declared { $stretch } ({ $family }, { $period }): the evidence has not crossed a line; after { $vacancies } vacancies the e-value is { $e }.

# Factors level by level, trends, combined groups.
audit-levels-heading = By { $factor }
audit-levels-note = People of different levels did not apply for the same vacancy, so levels are not compared with each other; each is looked at by itself, within its vacancies. Numbers are shown where no level can be worked out by subtracting others. { $without ->
    [0] {""}
    [one] One vacancy has no level or several, and is in none.
   *[other] { $without } vacancies have no level or several, and are in none.
 }
audit-levels = { $group }, compared with { $comparator } { $stretch } in { $period }: over { $levels } levels of { $factor } the ratio of selection rates is { $ratio } (95 % interval { $low } to { $high }); { $i2 } of the variation between levels is beyond chance ({ $p } that all have one ratio).
audit-levels-too-few = { $group }, compared with { $comparator } { $stretch } in { $period }: fewer than two levels of { $factor } can be shown.
audit-levels-prediction = At another level it would lie between { $low } and { $high }.
audit-levels-share-unclear = Along the levels the group's share of those who declared neither clearly rises nor falls ({ $p }).
audit-levels-share-falls = Along the levels the group's share of those who declared falls ({ $p }).
audit-levels-share-rises = Along the levels the group's share of those who declared rises ({ $p }).
audit-levels-change = From "{ $before }" to "{ $after }" the ratio changed by a factor of { $ratio } (95 % interval { $low } to { $high }, { $p }).
audit-levels-change-note = A change between two sets of vacancies can be due to whatever else changed between them: who applied, which posts were open, who decided. It shows whether the gap is different, not why. An interval that holds 1 does not show that nothing changed.
audit-trends = Trends along ordered categories
audit-trend-unclear = { $characteristic } { $stretch } in { $period }: selection rates neither clearly rise nor fall from { $first } to { $last }, all vacancies together ({ $p }; Cochran and Armitage's test). Where ages or grades apply for different posts, the comparison within vacancies is the one to use.
audit-trend-falls = { $characteristic } { $stretch } in { $period }: selection rates fall from { $first } to { $last }, all vacancies together ({ $p }; Cochran and Armitage's test). Where ages or grades apply for different posts, the comparison within vacancies is the one to use.
audit-trend-rises = { $characteristic } { $stretch } in { $period }: selection rates rise from { $first } to { $last }, all vacancies together ({ $p }; Cochran and Armitage's test). Where ages or grades apply for different posts, the comparison within vacancies is the one to use.
audit-intersections = Combined groups
audit-intersections-note = The rates of small groups move far by chance. Beside each ratio stands the same with the rate drawn towards the other groups, by as much as its numbers are small (empirical Bayes). Both are ratios to all groups shown, vacancies not told apart; the comparison within vacancies stands with the other findings.
audit-intersection = { $label } { $stretch } in { $period }: { $shown } { $shown ->
    [one] combined group
   *[other] combined groups
 } shown. { $hidden ->
    [0] All could be looked at.
    [one] One could not be looked at: { $names }.
   *[other] { $hidden } could not be looked at: { $names }.
 }

# Headings, columns and short words.
audit-skip = Skip to the evidence
audit-evidence = Evidence
audit-verdicts = Verdicts
audit-caveats = Before you rely on it
audit-only = Only { $filter }
audit-everybody = Everybody
audit-hidden = hidden
audit-nobody = nobody
audit-all-counts-hidden = { $view }: no count is shown, because counts are below { $minimum } or would give such a count away.
audit-comparator-hidden = No ratio to { $comparator } is shown ({ $stretches }): counts of { $comparator } are hidden, { $why }, and any ratio would give them back. A verdict is given only where it tells nothing of the hidden counts. A longer period or broader groups would show the ratios.
audit-highest-hidden = No group is shown that others could be compared with as the most selected ({ $stretches }): counts are hidden, { $why }. No comparison is made, and which group was selected most is not said, because that would tell of a few people. A longer period or fewer categories would show it.
audit-highest-among-shown = The most selected group was looked for among the groups whose counts are shown ({ $stretches }). Whether a hidden group was selected more often is not said, because that would tell of a few people. A longer period or fewer categories would show it.
audit-not-assessed-groups = { $groups }: { $reason }
audit-numbers-hidden-note = Numbers hidden, { $why }.
audit-verdict-groups = { $verdict }: { $groups }

audit-other-group = the other group
audit-counts-caption = { $view }: counts and selection rates
audit-undeclared-caption = { $view }: who did not declare
audit-numbers-caption = { $heading }: every number
audit-other-sentences = The other comparisons in sentences ({ $count })
audit-numbers-hidden = Numbers hidden, to protect small counts
audit-chart-verdict = Ratio (interval), verdict
audit-chart-less = selected less often
audit-chart-more = selected more often
audit-of = { $progressed } of { $entered }
audit-to = To { $stage }
audit-to-whole = To { $stage } (whole journey)
audit-page = Page { $page } of { $pages }
audit-provenance = Policy { $policy }, rule set { $rules }, program version { $version }
audit-sheet-summary = Summary
audit-sheet-findings = Findings
audit-sheet-words = In words
audit-sheet-counts = Counts
audit-sheet-markers = Markers
audit-sheet-method = Method
audit-sheet-further = Further
audit-fact-policy = Policy
audit-fact-rules = Rule set (SHA-256)
audit-fact-program = Program version
audit-fact-stages = Stages
audit-column-characteristic = Characteristic
audit-column-group = Group
audit-column-comparator = Compared with
audit-column-decision = Decision
audit-column-verdict = Verdict
audit-column-entered = Could be selected
audit-column-progressed = Went on
audit-column-rate = Rate
audit-column-comparator-entered = Compared with: could be selected
audit-column-comparator-progressed = Compared with: went on
audit-column-comparator-rate = Compared with: rate
audit-column-ratio = Ratio
audit-column-interval = Ratio (interval)
audit-column-low = From
audit-column-high = To
audit-column-pooled = Pooled ratio
audit-column-exact-p = Exact p
audit-column-holm = p after Holm
audit-column-bh = p after Benjamini-Hochberg
audit-column-adjusted = Holm; BH
audit-column-fifths = Below 4/5
audit-column-short = People short
audit-column-seen = Smallest ratio seen
audit-column-undeclared = Undeclared share
audit-column-bounds = If all declared
audit-column-vacancies = Vacancies
audit-column-e-value = e-value
audit-column-log-e = e-value, as its common logarithm
audit-column-anytime = p at any time; Holm
audit-column-ln-exact-p = Exact p, natural logarithm
audit-column-ln-holm = p after Holm, natural logarithm
audit-column-ln-bh = p after Benjamini-Hochberg, natural logarithm
audit-column-ln-anytime-p = p at any time, natural logarithm
audit-column-ln-anytime-holm = p at any time, after Holm, natural logarithm
audit-column-ln-severity-p = p after Holm, natural logarithm
audit-column-anytime-p = p at any time
audit-column-anytime-holm = p at any time, after Holm
audit-column-odds = Odds ratios not excluded
audit-group-against = { $group } against { $other }
audit-column-crossed = Crossed the line
audit-column-together = Together
audit-column-levels-differ = Levels differ, p
audit-column-ratio-shown = Ratio to all groups shown
audit-column-drawn = Drawn towards the others (interval)
audit-column-part = Part
audit-not-shown = not shown
audit-same-in-sentences = The same in sentences ({ $count })
audit-combined-group = { $group }: { $of }, ratio { $ratio }, drawn towards the others { $drawn } ({ $low } to { $high })
audit-earlier = Hidden because of earlier reports
audit-column-share = Share
audit-column-differs = p, against those who declared
audit-column-prefer = Prefer not to say
audit-column-not-asked = Not asked
audit-column-unmapped = Not in the rules
audit-column-population = Share there
audit-column-applied = Share of those who declared
audit-column-sentence = In words
audit-yes = yes
audit-no = no
audit-chart-caption = Filled diamond: gap. Filled circle: ruled out. Open circle: cannot tell. Shaded: differences too small to be seen.

# Comparisons that allow for declared factors.
audit-adjusted-heading = Allowing for { $factors }
audit-adjusted-note = Findings compare people of the same vacancy. Here they are compared only with people of the same vacancy who are also alike in { $factors }. This stands beside the findings and can hide as much as it explains: a factor that the organisation itself decides (a mark, a grade, an earlier appointment) may carry the very gap that is looked for; a factor that the post does not ask for has no place here; what was not recorded is not allowed for; and who has nobody alike is left out.
audit-adjusted-bands = { $factor }, in bands: { $bands }.
audit-adjusted-blank = not stated
audit-adjusted = { $group }, compared with { $comparator } { $stretch } in { $period }: among people of the same vacancy who are alike in { $factors }, the selection rate was { $ratio } times the comparator's (95 % interval { $low } to { $high }, { $p } after adjustment), against { $plain } within the vacancy alone. Of the group, { $share } (to the nearest 5 %) had somebody alike to be compared with. { $conclusion }
audit-adjusted-none = { $group }, compared with { $comparator } { $stretch } in { $period }: too few vacancies hold people of both who are alike in { $factors }, so no number is shown.
audit-adjusted-remains = The gap remains.
audit-adjusted-not-seen = The gap can no longer be told from chance: the factors account for it, or carry it, or too few people are left to compare.
audit-adjusted-appears = A gap appears that is not there when the factors are left aside.
audit-adjusted-neither = No gap is found either way.
audit-adjusted-regression = A regression with a term for each of { $vacancies } { $vacancies ->
    [one] vacancy
   *[other] vacancies
 } and each band (Firth's penalty) gives an odds ratio of { $odds } (95 % interval { $low } to { $high }, { $p }); an odds ratio lies further from 1 than a ratio of rates.
audit-column-plain = Ratio within vacancies
audit-column-alike = Ratio among people alike (interval)
audit-column-alike-share = Had somebody alike
audit-column-regression = Odds ratio, regression (interval)
audit-column-left = What is left

# Over time.
audit-time-heading = Over time, by { $unit }
audit-time-note = Each { $unit } is looked at by itself, within its vacancies, by the date on which their decisions were finished. Vacancies without a date are not in it ({ $without }). Numbers are shown where no { $unit } can be worked out by subtracting others.
audit-time-quarter = quarter
audit-time-year = year
audit-time-month = month
audit-time-trend = { $group }, compared with { $comparator } { $stretch } in { $period }: from one { $unit } to the next the ratio of selection rates changed by a factor of { $factor } (95 % interval { $low } to { $high }, { $p }).
audit-time-too-few = { $group }, compared with { $comparator } { $stretch } in { $period }: fewer than three periods can be shown, too few to speak of a trend.
audit-time-chart = { $characteristic } { $stretch }: ratio of selection rates by { $unit }
audit-time-chart-description = One line a group: the ratio of its selection rate to the comparator's within the same vacancies, on a logarithmic scale, with its 95 % interval. Below 1: selected less often. The table beside it has every number that may be shown.
audit-time-more = Drawn are the { $drawn } groups with most periods shown; the table has all.
audit-ratio-and-interval = { $ratio } ({ $low } to { $high })
audit-interval = ({ $low } to { $high })
audit-decision = { $from } to { $to }
audit-decision-whole = { $from } to { $to } (whole)
audit-rates-to = to { $stage }
audit-rates-to-overall = to { $stage }, overall
audit-rate-and-counts = { $rate } ({ $of })
audit-share-and-value = { $name }: { $value }
audit-text-policy = Policy: { $policy }
audit-text-decision = { $decision }: { $rate } of everybody, { $undeclared } without an answer
audit-text-applied = { $group }: { $share } of those who declared and were decided on, { $population } there
audit-text-column-went-on = Went on
audit-text-column-others = Compared
audit-text-column-interval = { $confidence } interval
audit-text-column-adjusted = p adjusted
audit-text-column-short = Short
audit-text-method = Method: exact conditional test by vacancy with mid-p, Mantel-Haenszel rate ratio with score interval, Holm over { $comparisons } { $comparisons ->
    [one] comparison
   *[other] comparisons
 } at { $significance }; counts below { $minimum } are hidden with others beside them. Rule set { $rules }, program { $version }.
audit-from-to = { $low } to { $high }

# Scores of panels.
audit-warning-scores = Scores: { $rows } of { $of } rows could not be read and are left out. { $people ->
    [0] {""}
    [one] One person with scores is not in the table of applications and is left out, too.
   *[other] { $people } people with scores are not in the table of applications and are left out, too.
 }
audit-scores-heading = Scores
audit-scores-note = { $people } people were scored for { $vacancies } { $vacancies ->
    [one] vacancy
   *[other] vacancies
 } by { $markers } { $markers ->
    [one] marker
   *[other] markers
 } on { $criteria } { $criteria ->
    [one] criterion
   *[other] criteria
 }. Numbers of people are at least so many: they are given to the multiple of { $minimum } below, and none is higher than that of the tables, because beside it the true one would tell how many withdrew. { $hidden ->
    [0] {""}
    [one] One group is left out, because few were scored or the tables hide its counts.
   *[other] { $hidden } groups are left out, because few were scored or the tables hide their counts.
 } A person's score is the mean over criteria of the mean over markers. People are compared only with others of the same vacancy who declared. A difference says that scores differ, not whose work was better: it is a reason to look at criteria, questions and marking.
audit-scores-lower = { $group }: { $scored } scored, { $difference } points less than { $others } others who declared, within { $vacancies } { $vacancies ->
    [one] vacancy
   *[other] vacancies
 } in { $period }{ $interval }. Somebody of the group had the higher score in { $share } of pairs (equal ones count half); standardised difference (Hedges' g) { $g }. Rank test { $rank }; Welch's test { $welch }. { $conclusion }
audit-scores-higher = { $group }: { $scored } scored, { $difference } points more than { $others } others who declared, within { $vacancies } { $vacancies ->
    [one] vacancy
   *[other] vacancies
 } in { $period }{ $interval }. Somebody of the group had the higher score in { $share } of pairs (equal ones count half); standardised difference (Hedges' g) { $g }. Rank test { $rank }; Welch's test { $welch }. { $conclusion }
audit-scores-interval = (95 % interval { $low } to { $high })
audit-scores-differs = Chance explains this poorly ({ $holm } after adjustment).
audit-scores-same = Chance may explain this ({ $holm } after adjustment).
audit-scores-hidden = { $group }: too few people, or hidden to protect a group of few.
audit-scores-apart = { $group }: no vacancy has scores of the group and of others.
audit-panels-heading = Agreement of markers
audit-panels-note = An intraclass correlation of 1 is full agreement, 0 none beyond chance. That of one marker says how far a single score can be relied on, that of the panel how far its mean can. Below about 0.5 a panel's ranking owes much to who happened to mark. Krippendorff's alpha looks at every single score. { $small ->
    [0] {""}
    [one] In one further vacancy too few people were scored by every marker.
   *[other] In { $small } further vacancies too few people were scored by every marker.
 } { $unlisted ->
    [0] {""}
   *[other] { $unlisted } vacancies whose markers agree better are not listed.
 }
audit-panel = { $vacancy }: { $markers } markers, { $people } people; intraclass correlation { $one } for one marker, { $panel } for the panel; alpha { $ordinal } by rank, { $interval } by points; markers equally severe: { $p }.
audit-severity-heading = Severity of markers
audit-severity-note = Each marker's scores less the mean of the others who scored the same person on the same criterion. Who is far from the others is not wrong by that: talk about what the criteria mean. Names stand as in the table; use codes if the report goes further than the panel.
audit-severity-lower = { $marker }: { $difference } points below the others, over { $people } people{ $interval }, { $p } after adjustment.
audit-severity-higher = { $marker }: { $difference } points above the others, over { $people } people{ $interval }, { $p } after adjustment.
audit-severity-others = { $count ->
    [one] One further marker is not listed, with { $low } points against the others
   *[other] { $count } further markers are not listed, with { $low } to { $high } points against the others
 }{ $far ->
    [0] {"; chance may explain what is left."}
    [one] {"; one of them stands out, too."}
   *[other] ; { $far } of them stand out, too.
 } The workbook and JSON have every marker.
audit-column-scored = Scored
audit-column-others-scored = Others scored
audit-column-difference = Difference in points (interval)
audit-column-g = Hedges' g
audit-column-higher-share = Higher in pairs
audit-column-rank = Rank test, p; Holm
audit-column-welch = Welch, p
audit-column-vacancy = Vacancy
audit-column-people = People
audit-column-markers = Markers
audit-column-icc = ICC, one marker; panel
audit-column-alpha = Alpha, rank; points
audit-column-equal = Equally severe, p
audit-column-marker = Marker
audit-column-severity-points = Points against the others
audit-column-severity = Points against the others (interval)
audit-column-severity-p = p after Holm
audit-no-limit = no limit
audit-p = p = { $p }
audit-p-below = p below { $p }
watch-point = { $e } after { $vacancies }
watch-policy = Policy { $policy }, rule set { $rules }
audit-time-few = { $count ->
    [one] In one comparison fewer than three periods can be shown, too few to speak of a trend.
   *[other] In { $count } comparisons fewer than three periods can be shown, too few to speak of a trend.
 }
audit-adjusted-rest = { $neither ->
    [0] {""}
    [one] In one further comparison no gap is found, with the factors or without.
   *[other] In { $neither } further comparisons no gap is found, with the factors or without.
 } { $apart ->
    [0] {""}
    [one] In one, too few vacancies hold people of both who are alike.
   *[other] In { $apart }, too few vacancies hold people of both who are alike.
 }
audit-levels-few = { $count ->
    [one] In one comparison fewer than two levels can be shown.
   *[other] In { $count } comparisons fewer than two levels can be shown.
 }
