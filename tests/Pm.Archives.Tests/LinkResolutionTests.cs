using Pm.Linux;
using Pm.Packages;

namespace Pm.Archives.Tests;

/// <summary>Where links lead, compared with where the kernel goes.</summary>
public sealed class LinkResolutionTests : IDisposable
{
    readonly string _top = Directory.CreateTempSubdirectory("pm-links-").FullName;

    public void Dispose() => Directory.Delete(_top, true);

    [Fact]
    public void A_link_that_the_kernel_follows_outside_is_never_said_to_stay_inside()
    {
        string[] names = ["a", "b", "c", "d/a", "d/b", "d/e/a"];
        string[] targets = ["a", "b", "c", "d", "..", "d/a", "b/..", "../a", "a/../b", "d/e/..", "../..", "e/a", ".", "b/../.."];
        var random = new Random(77);
        var outside = 0;
        for (var round = 0; round < 400; round++)
        {
            var root = Path.Combine(_top, $"{round}", "root");
            Directory.CreateDirectory(Path.Combine(root, "d/e"));
            var links = names.Where(_ => random.Next(3) > 0).ToDictionary(n => n, _ => targets[random.Next(targets.Length)]);
            foreach (var (path, target) in links)
            {
                File.CreateSymbolicLink(Path.Combine(root, path), target);
            }

            // Some of them were there before.
            var resolution = round % 2 == 0 ? new LinkResolution(links)
                : new LinkResolution(links.Where(l => l.Key.Length < 2), links.GetValueOrDefault);
            foreach (var (path, target) in links)
            {
                if (KernelGoesOutside(root, path))
                {
                    outside++;
                    Assert.True(resolution.LeadsOutside(path, target), $"{path} -> {target} in {string.Join(", ", links)}");
                }
                else if (KernelEnd(root, path) is not null)
                {
                    Assert.False(resolution.LeadsOutside(path, target), $"{path} -> {target} in {string.Join(", ", links)}");
                }
            }
        }

        Assert.True(outside > 50);
    }

    static bool KernelGoesOutside(string root, string path) =>
        KernelEnd(root, path) is { } end && end != root && !end.StartsWith(root + "/", StringComparison.Ordinal);

    static string? KernelEnd(string root, string path)
    {
        try
        {
            using var handle = DirectoryHandle.TryOpen(Path.Combine(root, path));
            return handle is null ? null : OpenFile.PathOf(handle);
        }
        catch (SystemCallException)
        {
            return null;
        }
    }

    [Fact]
    public void A_circle_leads_nowhere_and_a_growing_one_is_refused()
    {
        var links = new Dictionary<string, string> { ["a"] = "b", ["b"] = "a", ["s"] = "s", ["g"] = "g/x" };
        var resolution = new LinkResolution(links);

        Assert.Equal([false, false, false, true], links.Select(l => resolution.LeadsOutside(l.Key, l.Value)));
    }

    [Fact]
    public void Visiting_a_link_twice_is_no_circle()
    {
        var links = new Dictionary<string, string> { ["a"] = "b/../b/..", ["b"] = "c/../c", ["c"] = "." };
        var resolution = new LinkResolution(links);

        Assert.True(resolution.LeadsOutside("a", links["a"]));
        Assert.True(resolution.LeadsOutside("x", "c/.."));
    }

    /// <summary>Two kilobytes of archive a hundred of them: each step must not cost what the path to it is long.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Thousands_of_links_with_thousands_of_segments_have_an_answer_at_once(bool isDeep, bool hasBefore)
    {
        var deep = isDeep ? string.Concat(Enumerable.Repeat("y/", 1900)) : "";
        var target = string.Concat(Enumerable.Repeat("x/", 2046)) + "x";
        var links = Enumerable.Range(0, 4_000).ToDictionary(n => $"{deep}l{n}", _ => target);
        var resolution = new LinkResolution(links, hasBefore ? _ => null : null);
        var watch = ThreadClock.StartNew();

        var refused = links.Count(l => resolution.LeadsOutside(l.Key, l.Value));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.True(refused < links.Count, "none had an answer");
    }

    [Fact]
    public void What_was_there_before_is_asked_for_once_a_path()
    {
        var asked = new List<string>();
        var resolution = new LinkResolution(
            new Dictionary<string, string> { ["a/l"] = "../b/c", ["a/m"] = "../b/c/.." }, path =>
            {
                asked.Add(path);
                return path == "b" ? "/" : null;
            });

        Assert.True(resolution.LeadsOutside("a/l", "../b/c"));
        Assert.True(resolution.LeadsOutside("a/m", "../b/c/.."));
        Assert.Equal(["b"], asked);
    }
}
