using System.Diagnostics;
using System.Globalization;
using Pm.Packages.Toml;

namespace Pm.Bench;

/// <summary>Reading a lockfile of 10 MB, with and without taking every text of it; written by the writer.</summary>
static class TomlBenchmark
{
    const int Packages = 28_600;
    const double Goal = 100;

    internal static bool Run(Report report)
    {
        var lockfile = Lockfile();
        var checksum = TakeAll(TomlDocument.Read(lockfile, "pm.lock"));
        var series = Rounds.Run(
            Rounds.Least + 2,
            () => Rate(lockfile, document => document.Root.Count > 0),
            () => Rate(lockfile, document => TakeAll(document) == checksum));

        report.Count("the lockfile", string.Create(CultureInfo.InvariantCulture, $"{lockfile.Length:N0} bytes, {Packages:N0} packages"));
        report.Figure("read", series[0], "MB/s");
        report.Figure("read, and every text made a string", series[1], "MB/s");
        return report.AtLeast("read / 100 MB/s", new Series([.. series[0].Figures.Select(r => r / Goal)]), 1);
    }

    /// <summary>MB a second over half a second or more of work.</summary>
    static double Rate(byte[] lockfile, Func<TomlDocument, bool> use)
    {
        var start = Stopwatch.GetTimestamp();
        var bytes = 0L;
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.5))
        {
            if (!use(TomlDocument.Read(lockfile, "pm.lock")))
            {
                throw new InvalidOperationException("the lockfile was not read as it was written");
            }

            bytes += lockfile.Length;
        }

        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    static long TakeAll(TomlDocument document)
    {
        var length = 0L;
        foreach (var package in document.Root.Find("package")!.Value.Value.Array.Items)
        {
            foreach (var entry in package.Table.Entries)
            {
                length += entry.Value.Kind is TomlKind.Text ? entry.Value.Text.Length : 0;
                foreach (var item in entry.Value.Kind is TomlKind.Array ? entry.Value.Array.Items : [])
                {
                    length += item.Text.Length;
                }
            }
        }

        return length;
    }

    static byte[] Lockfile()
    {
        var random = new Random(1);
        var hash = new byte[32];
        var writer = new TomlWriter();
        writer.Comment("Written by pm; to be committed.");
        writer.Set("version", TomlExpression.Of(1));
        for (var i = 0; i < Packages; i++)
        {
            random.NextBytes(hash);
            var dependencies = Enumerable.Range(0, i % 6).Select(d => TomlExpression.Of($"package-{(i * 7) + d} 1.{d}.0")).ToArray();
            writer.ArrayTable("package");
            writer.Set("name", TomlExpression.Of($"owner-{i % 100}/package-{i}"));
            writer.Set("version", TomlExpression.Of($"{i % 9}.{i % 31}.{i % 7}"));
            writer.Set("hash", TomlExpression.Of(Convert.ToHexStringLower(hash)));
            writer.Set("size", TomlExpression.Of(random.Next(10_000_000)));
            writer.Set("source", TomlExpression.Of("remote+https://packages.example.org/linux/amd64"));
            writer.Set("signer", TomlExpression.Of(Convert.ToHexString(hash, 0, 20)));
            writer.Set("dependencies", TomlExpression.Lines(dependencies));
        }

        return writer.ToBytes();
    }
}
