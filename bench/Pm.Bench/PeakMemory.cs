using System.Globalization;

namespace Pm.Bench;

/// <summary>Peak memory by time(1), which is small itself: a child's peak begins with that of the process it was forked from.</summary>
static class PeakMemory
{
    const string Program = "/usr/bin/time";

    internal static bool IsMeasured => File.Exists(Program);

    /// <summary>The words that go before a command whose peak is written to <paramref name="file"/>.</summary>
    internal static string[] Measure(string file) => [Program, "-f", "%M", "-o", file];

    /// <summary>What was written there, in KiB.</summary>
    internal static double Kibibytes(string file) => double.Parse(File.ReadAllLines(file)[^1], CultureInfo.InvariantCulture);

    /// <summary>The peak of <paramref name="command"/>, which gets no environment, in KiB.</summary>
    internal static double KibibytesOf(params string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            SpawnedProcess.Run([.. Measure(file), .. command]);
            return Kibibytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
