// Going through directories that somebody else may change meanwhile.
#pragma once

#include <dirent.h>

// Opens a directory that is no link. Returns NULL with errno.
DIR *open_directory(int directory, const char *name);

// The next entry but for `.` and `..`, or NULL.
struct dirent *next_entry(DIR *stream);
