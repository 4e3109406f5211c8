# The front door. Every target that needs tools runs the set-up first; when all is there, that costs no time.
.DEFAULT_GOAL := help
.PHONY: help setup build test demo dist bench soak vm-test fuzz clean

maven = export JAVA_HOME=$$(native-build/find-jdk.sh) && mvn --batch-mode --no-transfer-progress

help: ## lists these targets
	@echo 'writescope shows where a container'\''s writes wait. Start with: sudo make demo'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | while IFS=@ read -r target does; do printf '%-16s%s\n' "$$target" "$$does"; done

setup: ## installs what is missing (Debian, Ubuntu; as root), or says what is
	@native-build/setup.sh

build: ## compiles the BPF programs and the Java program
	@native-build/setup.sh build
	@echo 'build: BPF programs and Java program (the first time, Maven downloads its libraries)'
	@$(maven) --quiet package -DskipTests

test: setup ## builds and runs every test, one other kernel included: needs root and a kernel with BTF
	$(maven) verify
	@native-build/dist.sh
	@native-build/check-dist.sh
	@VM_BACKENDS=fentry VM_JOBS=1 native-build/vm-test.sh 6.12

demo: dist ## three containers, one slow disk, who waits for it, and why: needs root, takes two minutes
	@native-build/setup.sh demo
	@native-build/demo.sh

dist: build ## the program as one archive that needs no JDK
	@native-build/dist.sh

bench: build ## benchmarks: cost, accuracy, comparison with other tools
	@native-build/setup.sh bench
	@bench/run.sh

soak: setup build ## lets it run while containers come and go, to see that nothing grows: six minutes, or SOAK=1h
	@bench/soak.sh $(SOAK)

vm-test: setup dist ## every hook kind on other kernels, in virtual machines: one table
	@native-build/vm-test.sh

fuzz: setup ## looks for bytes that a parser does not survive, a minute for each
	@native-build/fuzz.sh

clean: ## removes what was built
	rm -rf target java/target bench/target dist
