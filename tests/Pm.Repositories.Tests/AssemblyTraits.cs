// The faults of CrashTests stand in one place for the whole process.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
