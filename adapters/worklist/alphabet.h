/* The order of names and words on a page. In Welsh ch, dd, ff, ng, ll, ph, rh and th are letters of their own, each after the one it begins with, and ng after g
 * (Unicode CLDR's order of Welsh, by ICU); in both languages an accent sends nobody to the end, and neither do capitals. One thread. */
#ifndef WORKLIST_ALPHABET_H
#define WORKLIST_ALPHABET_H

/* Below, at or above 0, as strcmp, by the language of the page (language_now). UTF-8. */
int alphabet_compare(const char *a, const char *b);

#endif
