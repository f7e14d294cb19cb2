// The faults of PullTests stand in one place for the whole process.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
