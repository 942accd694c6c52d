/* Messages for tests of the SDK, as a program writes them, with ' for ". */
#ifndef TEST_SDK_MESSAGES_H
#define TEST_SDK_MESSAGES_H

#define PERSON "'person': {'surname': 'Smith', 'forenames': 'John', 'date_of_birth': '1997-03-02', 'nhs_number': '9434765919', " \
               "'prison_numbers': ['A1234BC']}"
#define NOTIFY "{'kind': 'release_notification', 'recipient': 'northmoor-cjip', 'release': {'certainty': 'planned', 'route': 'bail', " \
               "'expected_date': '2026-12-01', 'prison': 'oakdale', 'area': 'northmoor', 'area_certainty': 'confirmed', 'meet_asked': 'yes'}, " \
               "'parts': {'minimum': {" PERSON "}, 'clinical': {'doses': [{'product': 'methadone_1mg_ml', 'mg': '40', 'frequency': 'once_daily'}]}}}"

#endif
