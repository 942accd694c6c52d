/* Stands in for libFuzzer: gives each file of the folders named on the command line to the target, once. An empty or
 * missing folder is a failure, so that a test cannot pass by finding nothing. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned replay_folder(const char *folder)
{
    unsigned files = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL; files++) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *data = NULL;
        gsize len;
        if (!g_file_get_contents(path, &data, &len, NULL))
            g_error("cannot read %s", path);
        LLVMFuzzerTestOneInput((const uint8_t *)data, len);
    }
    return files;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        unsigned files = replay_folder(argv[i]);
        printf("%s: %u files\n", argv[i], files);
        if (files == 0)
            return EXIT_FAILURE;
    }
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
