using System.Globalization;
using System.Text;

namespace Pm.Bench;

/// <summary>
/// A tree like a large <c>node_modules</c>: 12,000 files in 2,800 directories, text that compresses 9:1, sizes spread as they
/// are there (half below 2.5 KB, a few of hundreds), 106 MB. The same one every time.
/// </summary>
static class ModulesTree
{
    const int Directories = 2000;
    const int FilesInEach = 6;
    const int Phrases = 4000;
    const double Median = 2440;
    const double Spread = 1.6;
    const int Largest = 1_000_000;

    /// <returns>How many files it has.</returns>
    internal static int Write(string path)
    {
        var random = new Random(1);
        var phrases = MakePhrases(random);
        var text = new StringBuilder();
        for (var directory = 0; directory < Directories; directory++)
        {
            var at = Directory.CreateDirectory(Path.Combine(
                path, string.Create(CultureInfo.InvariantCulture, $"lib/modules/m{directory % 400:000}/dist/d{directory / 400}"))).FullName;
            for (var file = 0; file < FilesInEach; file++)
            {
                Fill(text, phrases, random);
                File.WriteAllText(Path.Combine(at, string.Create(CultureInfo.InvariantCulture, $"file-{file}.js")), text.ToString());
            }
        }

        return Directories * FilesInEach;
    }

    /// <summary>Makes one file of twenty another one: a line more at its end.</summary>
    /// <returns>How many those are.</returns>
    internal static int Change(string path)
    {
        const int OneOf = 20;
        var changed = 0;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (changed++ % OneOf == 0)
            {
                File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"// changed: {changed}\n"));
            }
        }

        return (changed + OneOf - 1) / OneOf;
    }

    static string[] MakePhrases(Random random)
    {
        var words = Enumerable.Range(0, 2000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + random.Next(26))))).ToArray();
        return [.. Enumerable.Range(0, Phrases)
            .Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(2, 9)).Select(_ => words[random.Next(words.Length)])))];
    }

    /// <summary>Frequent phrases are the first ones; sizes are log-normal.</summary>
    static void Fill(StringBuilder text, string[] phrases, Random random)
    {
        text.Clear();
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var size = (int)Math.Min(Median * Math.Exp(Spread * normal), Largest);
        while (text.Length < size)
        {
            var rank = (int)(-300 * Math.Log(1 - random.NextDouble())) % phrases.Length;
            text.Append(phrases[rank]).Append(random.Next(10) == 0 ? '\n' : ' ');
        }

        text.Length = size;
    }
}
