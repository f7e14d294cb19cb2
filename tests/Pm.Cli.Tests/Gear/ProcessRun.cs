using System.Diagnostics;

namespace Pm.Cli.Tests.Gear;

/// <summary>Runs a program to its end with exactly the environment given.</summary>
static class ProcessRun
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static StepResult Run(
        string file, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment, byte[]? input)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var talk = process.StandardError.ReadToEndAsync();
        Feed(process, input ?? []);
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
        }

        Task.WaitAll(reading, talk);
        return new StepResult(process.ExitCode, output.ToArray(), talk.GetAwaiter().GetResult());
    }

    /// <summary>A program need not read all it is given.</summary>
    static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
