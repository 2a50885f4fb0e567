/* Uses the library as a program of a user would. */
#include <rknn_api.h>

int main(void)
{
	rknn_context context = 0;

	return rknn_init(&context, 0, 0, 0, 0) || rknn_destroy(context);
}
