/* Refusals and faults by number: the table of errors.def as an enum and as sentences for people.
 *
 * Every error anybody sees has a code from here, what is wrong in plain English, whose job it is (retry, fix the input,
 * or call the operator) and what to do. All strings are constant. Nothing allocates; nothing fails. */
#ifndef PROTO_ERRORS_H
#define PROTO_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum TcRemedy { TC_REMEDY_RETRY, TC_REMEDY_FIX, TC_REMEDY_OPERATOR } TcRemedy;

typedef enum TcCode {
    TC_CODE_OK = 0,
#define TC_ERROR(number, NAME, name, REMEDY, sentence, advice) TC_CODE_##NAME = number,
#include "proto/errors.def"
#undef TC_ERROR
} TcCode;

typedef struct TcErrorInfo {
    TcCode code;
    const char *name;     /* "wrong_state" */
    TcRemedy remedy;
    const char *sentence; /* what is wrong */
    const char *advice;   /* what to do */
} TcErrorInfo;

/* NULL for a number not in the table: another version's code. */
const TcErrorInfo *tc_errors_find(uint32_t code);

/* The name of a code, or "unknown". */
const char *tc_errors_name(uint32_t code);

/* "retry", "fix" or "operator". */
const char *tc_errors_remedy_name(TcRemedy remedy);

/* Every row, in order of numbers, ended by one with code TC_CODE_OK. */
const TcErrorInfo *tc_errors_all(void);

#endif
