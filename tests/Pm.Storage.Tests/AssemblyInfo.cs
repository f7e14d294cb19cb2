using Xunit;

// The door for writes is one for the process, and so are its faults.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
