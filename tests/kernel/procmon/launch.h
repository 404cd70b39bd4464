/* Programs that begin many others. */
#include <time.h>

#define SHOW "SHOW_ARGUMENTS" /* in the environment of what shall only tell its arguments */

extern char *self; /* path of this program */

long now_ns(clockid_t clock);
void crowd(int count);
void storm(int milliseconds, char *program);
void execute_each(const char *path);
void show_arguments(void);
