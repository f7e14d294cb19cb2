using System.Diagnostics;
using Xunit;

namespace Pm.Codecs.Tests;

/// <summary>The formats are the ones the system's own programs write and read.</summary>
public class SystemProgramTests
{
    public static TheoryData<Compression, string, string> Programs => new()
    {
        { Compression.Gzip, "gzip", "-1" },
        { Compression.Gzip, "gzip", "-9" },
        { Compression.Bzip2, "bzip2", "-1" },
        { Compression.Bzip2, "bzip2", "-9" },
        { Compression.Xz, "xz", "-0" },
        { Compression.Xz, "xz", "-9e" },
        { Compression.Zstandard, "zstd", "-1" },
        { Compression.Zstandard, "zstd", "--long=27" },
        { Compression.Zstandard, "zstd", "-19" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Pm_reads_what_the_program_writes(Compression format, string program, string level)
    {
        var plain = Samples.Make(new Random(1), 1_200_000);

        var packed = Run(program, [level, "-c"], plain);

        Assert.Equal(format, CompressionFormat.Detect(packed));
        Assert.Equal(plain, Samples.Decompress(packed, format));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_program_reads_what_pm_writes(Compression format, string program, string level)
    {
        var plain = Samples.Make(new Random(2), 1_200_000);

        // The program's own level does not matter here but for one digit of it: so that both ends are tried.
        var packed = Samples.Compress(plain, format, level: level.Contains('1', StringComparison.Ordinal) ? 1 : 9);

        Assert.Equal(plain, Run(program, ["-d", "-c"], packed));
    }

    static byte[] Run(string program, string[] arguments, byte[] input)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(d => Path.Combine(d, program));
        Assert.SkipUnless(path.Any(File.Exists), $"{program} is not installed");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        writing.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
