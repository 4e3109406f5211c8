/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel stack of a thread that leaves its CPU, as a number. */
#pragma once

/* What a thread waits for shows in the innermost dozen functions; that overlay copies up, further out. */
#define STACK_FRAMES 20
#define STACKS 8192
#define EEXIST 17

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, STACKS);
	__uint(key_size, sizeof(u32));
	__uint(value_size, STACK_FRAMES * sizeof(u64));
} stacks SEC(".maps");

/* Without what comes before the scheduler: the program and the tracepoint that called it. */
#define SKIPPED_FRAMES 3

static __always_inline s32 unwind(void *context)
{
	long stack = bpf_get_stackid(context, &stacks, SKIPPED_FRAMES);

	/* With one frame less, that of the scheduler, it has another place. */
	if (stack == -EEXIST)
		stack = bpf_get_stackid(context, &stacks, SKIPPED_FRAMES + 1);
	return stack; /* negative: what is waited for is not known, and told as such */
}

/* Unwinding takes microseconds where caches are cold, and nearly always finds what it has found before. So it is
 * remembered where on the stack the return addresses of a way lay. A thread that sleeps as deep in its stack, with the
 * same addresses in the same places, has come the same way. The context of the program is in a frame of the function
 * that calls it, hence on the stack. */
#define WINDOW 128
#define THREAD_SIZE 16384	/* or a multiple */

struct known_stack {
	u64 address[STACK_FRAMES];
	u8 place[STACK_FRAMES];		/* in the window */
	u32 count;			/* 0: unused, or just being written on another CPU */
	s32 stack;
	u32 version;
};

struct window {
	u64 word[WINDOW];
	u64 address[STACK_FRAMES];
	u64 found;
};

/* The program that fills it runs with interrupts off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct window);
} stack_window SEC(".maps");

#define WAYS 4

/* By the depth in the stack; several ways may be as deep. */
struct known_stacks {
	struct known_stack way[WAYS];
	u32 next;
	u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, THREAD_SIZE / sizeof(u64));
	__type(key, u32);
	__type(value, struct known_stacks);
} known_stacks SEC(".maps");

#if defined(__TARGET_ARCH_x86)
/* Returns how many words there are. */
static __always_inline u32 read_window(struct window *window, void *context, u32 *depth)
{
	u32 words;

	/* What the verifier knows as a pointer it does not let us compute with. */
	*(volatile u64 *)&window->word[0] = (u64)context;
	words = (THREAD_SIZE - (*(volatile u64 *)&window->word[0] & (THREAD_SIZE - 1))) / sizeof(u64);
	*depth = words - 1;
	if (words > WINDOW)
		words = WINDOW;
	return bpf_probe_read_kernel(window->word, words * sizeof(u64), context) ? 0 : words;
}

/* The stack, or -1. */
static __always_inline s32 match(struct known_stack *known, struct window *window)
{
	u32 version = *(volatile u32 *)&known->version, count = *(volatile u32 *)&known->count;
	s32 stack = known->stack;

	for (u32 i = 0; i < STACK_FRAMES; i++) {
		if (i >= count)
			break;
		if (window->word[known->place[i] & (WINDOW - 1)] != known->address[i])
			return -1;
	}
	return count && *(volatile u32 *)&known->version == version ? stack : -1;
}

/* What changes from round to round is in memory, where the verifier does not follow its values. */
static __always_inline void remember(void *context, struct window *window, u32 words, struct known_stacks *known,
				     s32 stack)
{
	struct known_stack *fresh = &known->way[known->next++ & (WAYS - 1)];
	long bytes = bpf_get_stack(context, window->address, sizeof(window->address), SKIPPED_FRAMES);
	u32 count = bytes > 0 ? bytes / sizeof(u64) : 0;

	__sync_fetch_and_add(&fresh->version, 1);
	*(volatile u32 *)&fresh->count = 0;
	fresh->stack = stack;
	window->found = 0;
	for (u32 place = 0; place < WINDOW; place++) {
		u32 found = *(volatile u32 *)&window->found;

		if (place >= words || found >= count || found >= STACK_FRAMES)
			break;
		if (window->word[place] != window->address[found])
			continue;
		fresh->address[found] = window->word[place];
		fresh->place[found] = place;
		*(volatile u32 *)&window->found = found + 1;
	}
	__sync_fetch_and_add(&fresh->version, 1);
	/* All of them, or as many as the window reaches. */
	if (count && (window->found >= count || window->found > STACK_FRAMES / 2))
		*(volatile u32 *)&fresh->count = window->found;
}

static __always_inline s32 stack_of(void *context)
{
	u32 zero = 0, words = 0, depth = 0;
	struct window *window = bpf_map_lookup_elem(&stack_window, &zero);
	struct known_stacks *known = NULL;
	s32 stack;

	if (window)
		words = read_window(window, context, &depth);
	if (words)
		known = bpf_map_lookup_elem(&known_stacks, &depth);
	for (u32 i = 0; known && i < WAYS; i++) {
		stack = match(&known->way[i], window);
		if (stack >= 0)
			return stack;
	}
	stack = unwind(context);
	if (known && stack >= 0)
		remember(context, window, words, known, stack);
	return stack;
}
#else
/* Return addresses may be signed. */
static __always_inline s32 stack_of(void *context)
{
	return unwind(context);
}
#endif
