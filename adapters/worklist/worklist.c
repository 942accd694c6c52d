#include "adapters/worklist/worklist.h"

#include <string.h>

const char *worklist_service_name(const Worklist *worklist, const char *service)
{
    size_t i;
    json_t *each;
    json_array_foreach (json_object_get(worklist->directory, "services"), i, each)
        if (strcmp(case_text(each, "id"), service) == 0)
            return case_text(each, "name");
    return service;
}

const char *worklist_worker_name(const Worklist *worklist, const char *reference)
{
    const Account *account = account_of_worker(worklist->accounts, reference);
    return account != NULL ? account->person : reference;
}
