using System.Diagnostics;
using System.Globalization;

namespace Pm.Bench;

/// <summary>The peer of all hashing: <c>openssl speed</c> over 8 KiB of memory.</summary>
static class OpensslSpeed
{
    /// <summary>One second of SHA-256 in <paramref name="processes"/> processes, in GB a second of wall time or of processor time.</summary>
    internal static double Sha256(int processes, bool elapsed)
    {
        string[] several = processes > 1 ? ["-multi", processes.ToString(CultureInfo.InvariantCulture)] : [];
        string[] clock = elapsed ? ["-elapsed"] : [];
        string[] arguments = ["speed", .. clock, "-mr", .. several, "-evp", "sha256", "-bytes", "8192", "-seconds", "1"];
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        // "+F:number:name:bytes a second": the last one is the sum over all processes.
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("+F:", StringComparison.Ordinal))
            ?? throw new InvalidDataException($"openssl speed printed no figure: {output}");
        return double.Parse(line.Split(':')[^1], CultureInfo.InvariantCulture) / 1e9;
    }
}
