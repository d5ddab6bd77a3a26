unit_programs += unit/test_aligned unit/test_cause unit/test_cause_special unit/test_departures unit/test_forked unit/test_hash unit/test_names unit/test_own_code unit/test_stories unit/test_threads unit/test_touched unit/test_observe unit/test_output unit/test_runs unit/test_text unit/test_world
unit_test_cause_SOURCES = unit/test_cause.c unit/check.h
unit_test_cause_special_SOURCES = unit/test_cause_special.c unit/check.h
unit_test_aligned_SOURCES = unit/test_aligned.c unit/model_check.h unit/check.h
unit_test_departures_SOURCES = unit/test_departures.c unit/model_check.h unit/check.h
unit_test_forked_SOURCES = unit/test_forked.c unit/model_check.h unit/check.h
unit_test_hash_SOURCES = unit/test_hash.c unit/check.h
unit_test_observe_SOURCES = unit/test_observe.c unit/model_check.h unit/check.h
unit_test_output_SOURCES = unit/test_output.c unit/check.h
unit_test_runs_SOURCES = unit/test_runs.c unit/check.h
unit_test_text_SOURCES = unit/test_text.c unit/check.h
unit_test_world_SOURCES = unit/test_world.c unit/model_check.h unit/check.h
unit_test_stories_SOURCES = unit/test_stories.c unit/check.h
unit_test_names_SOURCES = unit/test_names.c unit/check.h
unit_test_threads_SOURCES = unit/test_threads.c unit/check.h
unit_test_own_code_SOURCES = unit/test_own_code.c unit/model_check.h unit/check.h
unit_test_touched_SOURCES = unit/test_touched.c unit/model_check.h unit/check.h
unit_programs += unit/test_verdict unit/test_verdict_forks unit/test_arrivals unit/test_owners
unit_test_verdict_SOURCES = unit/test_verdict.c unit/verdict_case.h unit/model_check.h unit/check.h
unit_test_arrivals_SOURCES = unit/test_arrivals.c unit/verdict_case.h unit/model_check.h unit/check.h
unit_test_verdict_forks_SOURCES = unit/test_verdict_forks.c unit/verdict_case.h unit/model_check.h unit/check.h
unit_test_owners_SOURCES = unit/test_owners.c unit/verdict_case.h unit/model_check.h unit/check.h
# which frames pages have
unit_programs += unit/test_physical
unit_test_physical_SOURCES = unit/test_physical.c unit/check.h
# who holds what together
unit_programs += unit/test_sharing
unit_test_sharing_SOURCES = unit/test_sharing.c unit/check.h
