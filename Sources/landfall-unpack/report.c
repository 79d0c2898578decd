#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unpack.h"

enum { REFUSED = 1, FAILED = 2, LINE_MAX_SIZE = 1024, SHOWN_NAME = 256 };

static char entry_name[SHOWN_NAME + 4];

// Control characters could end the line, or reach a terminal.
static void make_printable(char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = '?';
}

static void say(const char *line, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, line, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) _exit(FAILED);
        line += written;
        length -= (size_t)written;
    }
}

static _Noreturn void end_with(int status, const char *word, char *text) {
    char line[LINE_MAX_SIZE];
    make_printable(text);
    int length = snprintf(line, sizeof line, "%s %s\n", word, text);
    if ((size_t)length >= sizeof line) {
        length = sizeof line;
        line[length - 1] = '\n';
    }
    say(line, (size_t)length);
    _exit(status);
}

const char *reason(struct archive *archive) {
    const char *text = archive_error_string(archive);
    return text ? text : "it cannot be read";
}

void begin_entry(const char *path) {
    size_t length = strnlen(path, SHOWN_NAME + 1);
    bool is_long = length > SHOWN_NAME;
    if (is_long) length = SHOWN_NAME;
    memcpy(entry_name, path, length);
    memcpy(entry_name + length, "...", is_long ? 4 : 0);
    if (!is_long) entry_name[length] = 0;
}

void refuse(const char *format, ...) {
    char what[LINE_MAX_SIZE / 2], text[LINE_MAX_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (entry_name[0]) snprintf(text, sizeof text, "the entry %s %s", entry_name, what);
    else snprintf(text, sizeof text, "the layer %s", what);
    end_with(REFUSED, "refused", text);
}

void fail(const char *doing) {
    char text[LINE_MAX_SIZE];
    bool is_full = errno == ENOSPC || errno == EDQUOT;
    snprintf(text, sizeof text, "%s: %s", doing, strerror(errno));
    end_with(FAILED, is_full ? "full" : "failed", text);
}

void stop_at(const char *doing) {
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
    case EIO:
    case EROFS:
    case ENOMEM:
    case ENFILE:
    case ENOSYS: fail(doing);
    default: refuse("cannot be unpacked: %s: %s", doing, strerror(errno));
    }
}

void report_layer(const uint8_t *diff_id, size_t length, uint64_t bytes, uint64_t entries) {
    char line[LINE_MAX_SIZE], hex[2 * DIFF_ID_SIZE + 1];
    for (size_t i = 0; i < length && i < DIFF_ID_SIZE; i++) snprintf(hex + 2 * i, 3, "%02x", diff_id[i]);
    int size = snprintf(line, sizeof line, "layer %s %llu %llu\n", hex, (unsigned long long)bytes,
                        (unsigned long long)entries);
    say(line, (size_t)size);
}
