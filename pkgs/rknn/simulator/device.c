/*
 * Finding the NPU as librknnrt does: /dev/rknpu first, and if that opens it is taken for good;
 * then the card nodes, by the name of their driver. Unlike librknnrt, which carries a libdrm that
 * makes missing nodes and removes those that do not open, nothing under /dev is ever changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "simulator.h"

/* The lowest driver that librknnrt 1.6.0 accepts, found by offering it made-up versions. The
 * minimum of 2.x has not been measured; this is the highest that has. */
enum { MIN_DRIVER = 0 * 10000 + 7 * 100 + 0 };
enum { CARDS = 16 };
enum { GET_HW_VERSION = 0, GET_DRV_VERSION = 1 };
/* GET_HW_VERSION of an RK3588, "FIRE" in ASCII; RK3566/RK3568 is what librknnrt takes 0 for. */
enum { HW_RK3588 = 0x46495245, HW_RK356X = 0 };

struct drm_version {
	int major, minor, patch;
	size_t name_length;
	char *name;
	size_t date_length;
	char *date;
	size_t description_length;
	char *description;
};
struct rknpu_action {
	uint32_t flags, value;
};
#define DRM_VERSION _IOWR('d', 0x00, struct drm_version)
#define DRM_RKNPU_ACTION _IOWR('d', 0x40, struct rknpu_action)
#define MISC_RKNPU_ACTION _IOWR('r', 0x00, struct rknpu_action)

static bool is_rknpu(int fd)
{
	char name[16] = "";
	struct drm_version version = { .name = name, .name_length = sizeof name - 1 };

	return ioctl(fd, DRM_VERSION, &version) == 0 && strcmp(name, "rknpu") == 0;
}

static int open_node(unsigned long *action)
{
	char path[32];
	int fd = open("/dev/rknpu", O_RDWR | O_CLOEXEC);

	*action = MISC_RKNPU_ACTION;
	if (fd >= 0)
		return fd;
	*action = DRM_RKNPU_ACTION;
	for (int card = 0; card < CARDS; card++) {
		snprintf(path, sizeof path, "/dev/dri/card%d", card);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && is_rknpu(fd))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static bool ask(int fd, unsigned long request, uint32_t what, uint32_t *answer)
{
	struct rknpu_action action = { .flags = what };

	if (ioctl(fd, request, &action) != 0) {
		log_line(LOG_ERROR, "the NPU's device node refuses the %s ioctl: %s",
		         what == GET_HW_VERSION ? "GET_HW_VERSION" : "GET_DRV_VERSION", strerror(errno));
		return false;
	}
	*answer = action.value;
	return true;
}

static bool identify(struct device *device, unsigned long request)
{
	uint32_t hardware, driver, major, minor, patch;

	if (!ask(device->fd, request, GET_HW_VERSION, &hardware) ||
	    !ask(device->fd, request, GET_DRV_VERSION, &driver))
		return false;
	major = driver / 10000;
	minor = driver / 100 % 100;
	patch = driver % 100;
	snprintf(device->version, sizeof device->version, "%u.%u.%u", major, minor, patch);
	log_line(LOG_INFO, "RKNN Driver Information, version: %s", device->version);
	if (driver < MIN_DRIVER) {
		log_line(LOG_ERROR, "Mismatch driver version, librknnrt version: " RUNTIME_VERSION " requires "
		         "driver version >= %d.%d.%d, but you have driver version: %s which is incompatible!",
		         MIN_DRIVER / 10000, MIN_DRIVER / 100 % 100,
		         MIN_DRIVER % 100, device->version);
		log_line(LOG_ERROR, "invalid device fd!");
		return false;
	}
	if (hardware != HW_RK3588 && hardware != HW_RK356X) {
		log_line(LOG_ERROR, "This shared library is for RK356X/RK3588 platforms only, "
		         "hw_version = %d", (int)hardware);
		return false;
	}
	snprintf(device->soc, sizeof device->soc, hardware == HW_RK3588 ? "rk3588" : "rk3566");
	return true;
}

int device_open(struct device *device)
{
	const char *wanted = getenv("RKNN_SIMULATOR_DEVICE"), *soc = getenv("RKNN_SIMULATOR_SOC");
	unsigned long request;

	memset(device, 0, sizeof *device);
	device->fd = -1;
	if (wanted && strcmp(wanted, "none") == 0) {
		snprintf(device->soc, sizeof device->soc, "%s", soc ? soc : "");
		snprintf(device->version, sizeof device->version, "0.0.0");
		return RKNN_SUCC;
	}
	if (wanted && *wanted) {
		log_line(LOG_ERROR, "simulator: RKNN_SIMULATOR_DEVICE=%s is unknown; set it to none to run "
		         "without an NPU, or unset it", wanted);
		return RKNN_ERR_FAIL;
	}
	device->fd = open_node(&request);
	if (device->fd < 0) {
		log_line(LOG_ERROR, "failed to open rknpu module, need to insmod rknpu dirver!");
		log_line(LOG_ERROR, "failed to open rknn device!");
		return RKNN_ERR_FAIL;
	}
	if (identify(device, request))
		return RKNN_SUCC;
	device_close(device);
	return RKNN_ERR_FAIL;
}

int device_dup(struct device *to, const struct device *from)
{
	*to = *from;
	if (from->fd >= 0)
		to->fd = fcntl(from->fd, F_DUPFD_CLOEXEC, 0);
	return to->fd < 0 && from->fd >= 0 ? RKNN_ERR_FAIL : RKNN_SUCC;
}

void device_close(struct device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

/* SoCs that run the same models under one name, e.g. an RK3568 and an RK3588S. */
const char *soc_family(const char *soc)
{
	static const struct {
		const char *soc, *family;
	} table[] = {
		{ "rk3568", "rk3566" }, { "rk3588s", "rk3588" }, { "rk3582", "rk3588" },
		{ "rk3583", "rk3588" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(soc, table[i].soc) == 0)
			return table[i].family;
	return soc;
}

/* All cores of the SoC's NPU as a mask; 0 where there is one core and nothing to choose. */
uint32_t soc_core_mask(const char *soc)
{
	if (strcmp(soc_family(soc), "rk3588") == 0)
		return 7;
	return strcmp(soc_family(soc), "rk3576") == 0 ? 3 : 0;
}
