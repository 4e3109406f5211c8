/* SPDX-License-Identifier: GPL-2.0 */
/* Reading kernel memory: directly where the verifier lets us, which costs one load, else through a helper call. */
#pragma once

/* Since fd264ca02094 (6.2). Weak: on older kernels the calls are dead code. */
extern void *bpf_rdonly_cast(const void *object, u32 btf_id) __ksym __weak;

#define can_cast() bpf_core_enum_value_exists(enum special_kfunc_type, KF_bpf_rdonly_cast)

/* Makes an address a pointer whose fields FIELD can read. */
#define KERNEL_POINTER(type, address)                                                                                  \
	((type *)(can_cast() ? bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)) : (void *)(address)))

/* A field of a KERNEL_POINTER. A bad address reads as 0 either way. */
#define FIELD(pointer, field)                                                                                          \
	({                                                                                                             \
		typeof((pointer)->field) field_value = 0;                                                              \
		if (can_cast())                                                                                        \
			field_value = (pointer)->field;                                                                \
		else                                                                                                   \
			bpf_probe_read_kernel(&field_value, sizeof(field_value), &(pointer)->field);                  \
		field_value;                                                                                           \
	})
