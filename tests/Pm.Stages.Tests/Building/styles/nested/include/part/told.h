struct told {
	unsigned int pid;
};
