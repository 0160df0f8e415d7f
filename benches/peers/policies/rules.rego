package bench

import rego.v1

default answer := "not_required,"

answer := "prohibited,presumption_of_denial" if {
	prohibited
	denial
} else := "prohibited,case_by_case" if {
	prohibited
} else := "licence_required,presumption_of_denial" if {
	licence
	denial
} else := "licence_required,case_by_case" if {
	licence
} else := "notify," if {
	notify
} else := "general_authorisation," if {
	leaves
}

prohibited if {
	input.surveillance
	input.embargo
}

prohibited if {
	input.sanctions
	input.year >= 2022
	machine
}

machine if {
	input.code >= 840000
	input.code <= 859999
}

machine if {
	input.code >= 900000
	input.code <= 909999
}

licence if {
	leaves
	not input.general
}

licence if {
	input.surveillance
	input.law < -500000
}

licence if {
	input.code >= 852500
	input.code <= 852699
	input.conflict >= 2000000
}

licence if {
	input.interception
	input.year >= 2021
	input.value >= 10000
	input.expression < 500000
}

notify if {
	input.code in {847130, 847141, 847150}
	input.value >= 1000000
	input.voice < -1000000
}

notify if {
	input.computer
	input.year < 2021
	input.value >= 250000
	input.expression < 300000
}

leaves if {
	input.listed
	input.from_customs
	not input.to_customs
}

denial if input.law < -1000000

denial if input.conflict >= 2000000
