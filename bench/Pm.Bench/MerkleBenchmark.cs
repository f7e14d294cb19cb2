using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Pm.Blobs;

namespace Pm.Bench;

/// <summary>Merkle roots of memory and of a large file that is in the page cache, by one and by two threads.</summary>
/// <remarks>
/// One thread is measured in processor time, as <c>openssl speed</c> measures itself unless told otherwise (ours counts
/// the kernel's share too); two threads in wall time.
/// </remarks>
static class MerkleBenchmark
{
    const int FileSize = 256 << 20;

    internal static bool Run(Report report)
    {
        var path = Path.Combine(Path.GetTempPath(), $"pm-bench-{Environment.ProcessId}");
        var data = new byte[FileSize];
        new Random(1).NextBytes(data);
        File.WriteAllBytes(path, data);
        try
        {
            using var file = File.OpenHandle(path);
            return OneThread(report, data, file) & TwoThreads(report, file);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static bool OneThread(Report report, byte[] data, SafeFileHandle file)
    {
        var series = Rounds.Run(
            Rounds.Least + 2,
            () => OpensslSpeed.Sha256(1, elapsed: false),
            () => Rate(ProcessorTime, () => MerkleRoot.Of(data)),
            () => Rate(ProcessorTime, () => ParallelMerkle.Of(file, FileSize, 1, FileReading.Mapped)),
            () => Rate(ProcessorTime, () => ParallelMerkle.Of(file, FileSize, 1, FileReading.Copied)));
        var (peer, memory, mapped, copied) = (series[0], series[1], series[2], series[3]);

        report.Figure("openssl speed, 1 process (processor time)", peer, "GB/s");
        report.Figure("memory, 1 thread", memory, "GB/s");
        report.Figure("mapped file, 1 thread", mapped, "GB/s");
        report.Figure("copied file, 1 thread", copied, "GB/s");
        report.NotJudged("copied file / openssl", copied.Over(peer), "the kernel's copy is no hashing");
        return report.AtLeast("memory / openssl", memory.Over(peer), 0.95)
            & report.AtLeast("mapped file / openssl", mapped.Over(peer), 0.95);
    }

    /// <summary>Judged only where two processes of the peer show that the machine has two processors to give.</summary>
    static bool TwoThreads(Report report, SafeFileHandle file)
    {
        const string What = "mapped file, 2 threads / openssl, 1 process";
        var series = Rounds.Run(
            Rounds.Least + 2,
            () => OpensslSpeed.Sha256(1, elapsed: true),
            () => Rate(WallTime, () => ParallelMerkle.Of(file, FileSize, 2, FileReading.Mapped)),
            () => OpensslSpeed.Sha256(2, elapsed: true),
            () => Rate(WallTime, () => ParallelMerkle.Of(file, FileSize, 2, FileReading.Copied)));
        var (one, mapped, two, copied) = (series[0], series[1], series[2], series[3]);

        report.Figure("openssl speed, 1 process (wall time)", one, "GB/s");
        report.Figure("openssl speed, 2 processes", two, "GB/s");
        report.Figure("mapped file, 2 threads", mapped, "GB/s");
        report.Figure("copied file, 2 threads", copied, "GB/s");
        var control = two.Over(one);
        report.Control("openssl, 2 processes / 1 process", control);
        if (control.Median >= 1.9)
        {
            return report.AtLeast(What, mapped.Over(one), 1.7);
        }

        report.NotJudged(What, mapped.Over(one), "the machine does not run two processes at full speed now");
        return true;
    }

    static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    static TimeSpan WallTime() => Stopwatch.GetElapsedTime(0);

    /// <summary>GB a second by <paramref name="clock"/> over half a second or more of work.</summary>
    static double Rate(Func<TimeSpan> clock, Func<MerkleRoot> hash)
    {
        var start = clock();
        var spent = TimeSpan.Zero;
        long bytes = 0;
        while (spent < TimeSpan.FromSeconds(0.5))
        {
            hash();
            bytes += FileSize;
            spent = clock() - start;
        }

        return bytes / spent.TotalSeconds / 1e9;
    }
}
