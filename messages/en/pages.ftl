# The words that people read on the pages of evenhand, in English.
# Another language is another file: cy.ftl for Welsh. What it lacks stays English.

## Every page

product = evenhand
skip-to-content = Skip to main content
signed-in-as = { $label }, { $role }
sign-out = Sign out
navigation = Navigation
nav-vacancies = Vacancies
nav-panel = Your vacancies
nav-reports = Reports
breadcrumbs = You are here
footer = Names and personal details are removed before a panel reads. Every disclosure is recorded.
date-long = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

## Roles

role-ats = sending system
role-panel = panel member
role-recruiter = recruiter
role-auditor = auditor
role-admin = administrator

## Stages, as rules/stages names them

stage-received = Received
stage-longlisted = Longlisted
stage-shortlisted = Shortlisted
stage-interviewed = Interviewed
stage-offered = Offered
stage-appointed = Appointed
stage-withdrawn = Withdrawn
stage-unsuccessful = Unsuccessful

## Signing in

sign-in-title = Sign in
sign-in-text = Paste the access token that your administrator gave you. It is kept in this browser until you sign out, and for twelve hours at most.
sign-in-token = Access token
sign-in-button = Sign in
sign-in-wrong = This token is not known. It may have been replaced or revoked: ask your administrator for a new one.
signed-out = You are signed out.
home-admin-title = Accounts, sources and rules
home-admin-text = Administrators work with the command line or the interface under /v1. Administrators see no applications.
home-ats-text = This token belongs to a sending system. It has no pages.

## The panel

panel-title = Your vacancies
panel-none = You are not assigned to a vacancy yet. Your administrator assigns panel members.
panel-list-lead = { $count ->
    [one] There is one application to read.
   *[other] There are { $count } applications to read.
}
panel-list-order = The order is your own: each panel member reads in another order, so that nobody is always read first.
panel-list-empty = No application is ready to read yet.
panel-entry-pending = Being prepared
panel-entry-withheld = Held back until a recruiter has looked at it

pack-title = Candidate { $pseudonym }
pack-position = Application { $position } of { $count } in your order
pack-legend = Names and other details that could show who somebody is were removed. What stood there is marked like this:
pack-legend-example = name
pack-removed = removed
pack-copies = To print or annotate:
pack-copy-pdf = Download as PDF
pack-copy-docx = Download as Word document
pack-copy-layout = Download this document as Word, laid out as it was sent
pack-proof = Checked when it was prepared: { $found } of { $known } known values found in { $parts ->
    [one] one part
   *[other] { $parts } parts
  } of the application.
pack-contents = In this application
pack-previous = Previous candidate
pack-next = Next candidate
pack-neighbours = Other candidates
pack-back = All candidates for this vacancy

## The recruiter

vacancies-title = Vacancies
vacancies-none = No vacancy has arrived yet. Vacancies come from your recruitment system.
vacancies-caption = Vacancies of your organisation, newest first
column-vacancy = Vacancy
column-reference = Reference
column-grade = Grade
column-family = Family
column-state = State
vacancy-state-open = Open
vacancy-state-closed = Closed
vacancy-details = About this vacancy
vacancy-reference = Reference
vacancy-state = State
vacancy-grade = Grade
vacancy-family = Family
vacancy-directorate = Directorate
vacancy-contract = Contract
vacancy-opened = First heard of
vacancy-none = No application has arrived for this vacancy yet.
vacancy-empty-filter = No application is at this stage.
filter-heading = Show
filter-all = All ({ $count })
filter-stage = { $stage } ({ $count })
filter-withheld = Held back from the panel ({ $count })
applications-title = Applications
applications-caption = Applications, in the order in which they were received
column-choose = Choose
column-candidate = Candidate
column-received = Received
column-stage = Stage
column-pack = Pack for the panel
choose-candidate = Choose candidate { $pseudonym }
move-many-stage = Move the chosen candidates to
move-many-choose = Choose a stage
move-many-button = Move
move-many-none = Choose at least one candidate.
move-many-done = { $count ->
    [one] 1 candidate was moved to { $stage }.
   *[other] { $count } candidates were moved to { $stage }.
}
move-many-failed = { $count ->
    [one] 1 candidate was not moved:
   *[other] { $count } candidates were not moved:
}
pack-state-pending = Being prepared
pack-state-released = Ready
pack-state-withheld = Held back
pack-state-erased = Erased

application-title = Candidate { $pseudonym }
application-received = Received
application-reference = Reference
application-source = Sent by
application-history = Stages reached
application-history-line = { $stage }, { $date }
application-erased = This candidate’s data has been erased. Only counts remain.
pack-heading = Pack for the panel
pack-pending-text = The pack is being prepared. It is ready within moments as a rule.
pack-released-text = The panel can read this application. Removed:
pack-released-none = The panel can read this application. Nothing had to be removed.
pack-removed-line = { $kind }: { $count }
pack-withheld-text = The panel cannot read this application until these points are settled:
pack-withheld-line = { $part }: { $message }
pack-again-button = Prepare the pack again
pack-again-done = The pack is being prepared again.
pack-again-hint = Rules, or the words that the vacancy keeps, may have changed since. The panel cannot read the application until the new pack is ready.

move-heading = Move to another stage
move-legend = Next stage
move-button = Move
move-none = This application has reached an end. It can go no further.
move-done = Candidate { $pseudonym } is now at stage { $stage }.

disclosure-heading = Ask who this is
disclosure-text = Your name, the time and your reason are recorded before the identity is shown.
disclosure-reason = Reason
disclosure-reason-hint = For example: invitation to interview on 12 May. Between 10 and 500 characters.
disclosure-button = Show the identity
disclosure-not-yet = Identity is shown once the application is shortlisted.
disclosure-title = Identity of candidate { $pseudonym }
disclosure-recorded = This disclosure was recorded. It is shown once: this page is not kept. Do not pass it to the panel.
disclosure-back = Back to the application

erasure-heading = Erase this candidate’s data
erasure-text = Everything that identifies or describes the person is destroyed and cannot be brought back. Counts for equality reports remain.
erasure-reason = Reason
erasure-reason-hint = For example: request of the candidate of 3 June. Between 10 and 500 characters.
erasure-confirm = I understand that this cannot be undone
erasure-button = Erase
erasure-unconfirmed = Tick the box to say that you understand that this cannot be undone.
erasure-done = The candidate’s data was erased.

## Fields of an identity

field-title = Title
field-full-name = Name
field-given-names = Given names
field-family-name = Family name
field-known-as = Known as
field-previous-names = Previous name
field-email = E-mail
field-phone = Telephone
field-address = Address
field-postcode = Postcode
field-date-of-birth = Date of birth
field-ni-number = National Insurance number
field-urls = Web address
field-usernames = User name

## Kinds of removed words

kind-name = Own name
kind-other-person = Other people
kind-email = E-mail
kind-phone = Telephone
kind-address = Address
kind-postcode = Postcode
kind-url = Web address
kind-handle = User name
kind-dob = Date of birth
kind-ni-number = National Insurance number
kind-id-number = Other numbers
kind-age = Age
kind-date-edu = Dates of education
kind-gender = Gender
kind-marital-family = Family
kind-pregnancy-maternity = Pregnancy and maternity
kind-ethnicity-nationality = Ethnicity and nationality
kind-language = Language
kind-religion = Religion or belief
kind-disability-health = Disability and health
kind-sexual-orientation = Sexual orientation
kind-gender-reassignment = Gender reassignment
kind-school = Schools and universities
kind-affiliation = Memberships
kind-place = Places
kind-other-proxy = Other clues

## Reports

reports-title = Equality report
reports-text = Choose what to look at. Leave a field empty for everything.
reports-policy = Policy
reports-policy-hint = A policy says what is compared and what is flagged.
reports-benchmark = Compare who applied with
reports-benchmark-none = No population
reports-vacancy = Vacancy
reports-vacancy-all = All vacancies
reports-family = Family of vacancies
reports-family-all = All families
reports-grade = Grade
reports-grade-all = All grades
reports-directorate = Directorate
reports-directorate-all = All directorates
reports-contract = Contract
reports-contract-all = All contracts
reports-by = Level by level as well
reports-by-none = No
reports-by-family = By family of vacancies
reports-by-grade = By grade
reports-by-directorate = By directorate
reports-by-contract = By contract
reports-over-time = Follow gaps over time
reports-over-time-none = No
reports-over-time-month = Month by month
reports-over-time-quarter = Quarter by quarter
reports-over-time-year = Year by year
reports-change-date = Before and after this date
reports-change-date-hint = The day on which something changed, such as the start of blind shortlisting.
reports-characteristic = Characteristic
reports-characteristic-all = All characteristics
reports-from = Vacancies opened from
reports-to = Vacancies opened until
reports-minimum = Smallest count to show
reports-minimum-hint = Smaller counts are hidden so that nobody can be recognised. Empty: the usual of your organisation.
reports-none = No vacancy fits what was chosen.
reports-button = Show the report
reports-evidence = Evidence over time, by family of vacancies
reports-download = For other programs
reports-json = As JSON
reports-pdf = PDF
reports-xlsx = Workbook (.xlsx)
reports-csv = As a table (CSV)
reports-plain = As plain text

## When something goes wrong

problem-heading = There is a problem
problem-code = Code: { $code }
problem-start = Go to the start page
problem-bad-request = The request was not understood.
problem-forbidden = Your account may not see this page.
problem-not-found = There is no such page.
problem-gone = This has been erased.
problem-conflict = This cannot be done at present.
problem-unacceptable = Something in the form needs to be changed.
problem-too-large = What was sent is too large.
problem-busy = The server is busy. Try again in a moment.
problem-no-space = The server’s disk is full. Nothing was changed.
problem-internal = Something went wrong on our side. Nothing was changed. Try again in a moment, and tell your administrator if it goes on.
