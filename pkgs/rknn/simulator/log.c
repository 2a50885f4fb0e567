#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "simulator.h"

/* RKNN_LOG_LEVEL 0 to 5; unset, empty or not a digit means 0: errors only, as the vendor's library. */
static int threshold(void)
{
	const char *level = getenv("RKNN_LOG_LEVEL");

	return level && level[0] >= '0' && level[0] <= '9' ? level[0] - '0' : 0;
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[512];
	struct timespec now;
	struct tm day;
	va_list args;

	if ((int)level > threshold())
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	/* text of a model's must not look like a line of ours, nor move the terminal's cursor */
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < 32 || *at == 127)
			*at = '?';
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &day);
	fprintf(stderr, "%c RKNN: [%02d:%02d:%02d.%03ld] %s\n", "EWID"[level], day.tm_hour,
	        day.tm_min, day.tm_sec, now.tv_nsec / 1000000, text);
}
