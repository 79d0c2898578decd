// Whom an image's USER means, by the files of the container that this process is in.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

enum { FIELDS_MAX = 7, FILE_LIMIT = 1 << 20 };

// The text of a regular file, or NULL. It is the image's: nothing of it is taken for granted.
static char *read_text(const char *path) {
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    if (file < 0) return NULL;
    char *text = fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? calloc(1, FILE_LIMIT + 1) : NULL;
    size_t length = 0;
    for (ssize_t count = 1; text && count > 0 && length < FILE_LIMIT; length += count > 0 ? (size_t)count : 0)
        count = read(file, text + length, FILE_LIMIT - length);
    close(file);
    return text;
}

// A whole number below 2³² - 1, which is no id.
static bool read_id(const char *text, uint32_t *id) {
    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 10) return false;
    unsigned long long number = strtoull(text, NULL, 10);
    *id = (uint32_t)number;
    return number < UINT32_MAX;
}

// Splits the next line of a text at its colons. Returns how many fields it has, -1 at the end.
static int next_record(char **text, char *fields[FIELDS_MAX]) {
    if (!**text) return -1;
    char *line = *text;
    *text += strcspn(line, "\n");
    if (**text) *(*text)++ = 0;
    int count = 0;
    for (char *part; count < FIELDS_MAX && (part = strsep(&line, ":")); count++) fields[count] = part;
    return count;
}

// A line of passwd by name or number.
static bool find_user(const char *user, struct identity *identity, char *name, size_t size) {
    char *text = read_text("/etc/passwd"), *fields[FIELDS_MAX], *rest = text;
    uint32_t wanted, uid, gid;
    bool is_number = read_id(user, &wanted), found = false;
    for (int count; rest && !found && (count = next_record(&rest, fields)) >= 0;) {
        if (count < 6 || !read_id(fields[2], &uid) || !read_id(fields[3], &gid)) continue;
        found = strcmp(fields[0], user) == 0 || (is_number && uid == wanted);
        if (!found) continue;
        identity->uid = uid;
        identity->gid = gid;
        snprintf(name, size, "%s", fields[0]);
        if (fields[5][0] == '/') snprintf(identity->home, sizeof identity->home, "%s", fields[5]);
    }
    free(text);
    if (found || !is_number) return found;
    identity->uid = wanted;
    identity->gid = 0;
    return true;
}

static bool is_member(char *members, const char *name) {
    for (char *member; (member = strsep(&members, ","));)
        if (strcmp(member, name) == 0) return true;
    return false;
}

// The groups that list a user.
static void find_groups(const char *name, struct identity *identity) {
    char *text = read_text("/etc/group"), *fields[FIELDS_MAX], *rest = text;
    const size_t most = sizeof identity->groups / sizeof *identity->groups;
    for (int count; *name && rest && (count = next_record(&rest, fields)) >= 0;) {
        uint32_t gid;
        if (count < 4 || !read_id(fields[2], &gid) || identity->group_count == most) continue;
        if (is_member(fields[3], name)) identity->groups[identity->group_count++] = gid;
    }
    free(text);
}

static bool find_group(const char *group, gid_t *found) {
    char *text = read_text("/etc/group"), *fields[FIELDS_MAX], *rest = text;
    uint32_t wanted, gid;
    bool is_number = read_id(group, &wanted), is_found = false;
    for (int count; rest && !is_found && (count = next_record(&rest, fields)) >= 0;) {
        if (count < 3 || !read_id(fields[2], &gid)) continue;
        is_found = strcmp(fields[0], group) == 0;
        if (is_found) *found = gid;
    }
    free(text);
    if (!is_found && is_number) *found = wanted;
    return is_found || is_number;
}

void look_up(const char *user, struct identity *identity) {
    char part[LAUNCHER_PATH_SIZE], name[256] = "";
    *identity = (struct identity){.home = "/"};
    snprintf(part, sizeof part, "%s", user);
    char *group = strchr(part, ':');
    if (group) *group++ = 0;
    struct identity found = *identity;
    if (!find_user(*part ? part : "0", &found, name, sizeof name)) {
        find_user("0", &found, name, sizeof name);
        group = NULL;
    }
    gid_t named;
    if (group && *group && find_group(group, &named)) {
        found.gid = named;
    } else {
        find_groups(name, &found);
    }
    *identity = found;
}
