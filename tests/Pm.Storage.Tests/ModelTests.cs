using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>Random histories of packages, users and crashes, compared step by step with <see cref="Model"/>.</summary>
public sealed class ModelTests
{
    const int Steps = 25;

    static readonly string[] Paths =
    [
        "bin/a", "bin/b", "etc/a", "etc/b", "etc/sub/c", "lib/x/1", "lib/x/2", "lib/x/deep/3", "lib/y/1", "share/s", "top", "link",
        "share/t/u/v",
    ];

    static readonly string[] Texts = ["A", "B", "C", "#!D"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_happens_the_root_is_what_the_plain_rules_say(bool crashes)
    {
        for (var seed = 1; seed <= 120; seed++)
        {
            new History(seed, crashes).Run();
        }
    }

    sealed class History(int seed, bool crashes)
    {
        readonly Random _random = new(seed);
        readonly List<string> _log = [];
        readonly List<(Package Package, Dictionary<string, string> Files)> _packages = [];
        readonly List<List<int>> _generations = [[]];
        Model _model = new();

        public void Run()
        {
            using var world = new World();
            MakePackages(world);
            for (var step = 0; step < Steps; step++)
            {
                if (_random.Next(3) == 0)
                {
                    User(world);
                }
                else
                {
                    Change(world);
                }
                SnapshotAssert.Equal(Expected(), Actual(world), $"seed {seed}\n{string.Join('\n', _log)}");
            }
        }

        void MakePackages(World world)
        {
            for (var i = 0; i < 9; i++)
            {
                var files = Paths.Where(_ => _random.Next(3) == 0)
                    .ToDictionary(p => p, p => p == "link" ? "→" + Pick(Texts)[^1] : Pick(Texts));
                var package = world.Save($"p{i % 3}", $"{1 + (i / 3)}", [.. files.Select(f => (f.Key, f.Value))]);
                _packages.Add((package, files));
            }
        }

        void User(World world)
        {
            var path = _random.Next(3) switch
            {
                0 => Pick(Paths),
                1 => Pick([.. _model.Owned.DefaultIfEmpty("own")]),
                _ => Pick(["bin/mine", "lib/x/mine", "lib/x/deep/mine", "own", "etc/a.pm-new", "bin/a.pm-save"]),
            };
            var isThere = _model.Disk.TryGetValue(path, out var there);
            if (isThere && _random.Next(4) == 0)
            {
                _log.Add($"user deletes {path}");
                _model.UserDeletes(path);
                File.Delete(Path.Join(world.RootPath, path));
                return;
            }
            var text = Pick(["A", "B", "mine", "other"]);
            _log.Add($"user writes {path} {text}");
            _model.UserWrites(path, text);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(world.RootPath, path))!);
            world.Replace(path, text);
        }

        void Change(World world)
        {
            var number = _random.Next(4) == 0 && _generations.Count > 1 ? 1 + _random.Next(_generations.Count - 1) : 0;
            var target = number > 0 ? _generations[number] : Choose();
            _log.Add(number > 0 ? $"rollback {number}" : $"change to {string.Join(' ', target.Select(i => _packages[i].Package.Id))}");
            var after = _model.Change(target.Select(i => _packages[i].Files));
            var fault = crashes ? WriteFault.Parse($"eio@{1 + _random.Next(120)}+", world.Home) : null;
            var plan = PlanOf(world, number, target);
            Assert.True(after is null == !plan.Conflicts.IsEmpty, $"seed {seed}: conflicts {string.Join(' ', plan.Conflicts)}\n{string.Join('\n', _log)}");
            if (after is null || plan.IsEmpty)
            {
                return;
            }
            Apply(world, plan, fault);
            var current = world.Root.Current?.Number ?? 0;
            if (current == _generations.Count)
            {
                _generations.Add(target);
                _model = after;
            }
            else
            {
                _log.Add("  undone");
                Assert.True(fault?.HasStruck);
            }
        }

        static void Apply(World world, ChangePlan plan, WriteFault? fault)
        {
            try
            {
                WriteDoor.Fault = fault;
                world.Apply(_ => plan);
            }
            catch (Exception e) when (fault is { HasStruck: true } && e is SystemCallException or StoreException)
            {
            }
            finally
            {
                WriteDoor.Fault = null;
            }
            if (fault is { HasStruck: true })
            {
                world.Reopen();
                RootWriter.Open(world.Root, world.Store, world.Writer).Dispose();
                // What was pending in the store died with the process.
                Assert.False(world.Root.NeedsRecovery);
            }
        }

        ChangePlan PlanOf(World world, int number, List<int> target)
        {
            foreach (var (package, files) in _packages)
            {
                Restore(world, package, files);
            }
            return number > 0
                ? Planner.PlanRollback(world.Root, world.Store, number)
                : world.Plan([.. target.Select(i => _packages[i].Package)]);
        }

        static void Restore(World world, Package package, Dictionary<string, string> files)
        {
            if (world.Store.Contains(package.Hash))
            {
                return;
            }
            world.Save(package.Id.Name.Text, package.Id.Version.Text, [.. files.Select(f => (f.Key, f.Value))]);
        }

        List<int> Choose() =>
            [.. Enumerable.Range(0, 3).Select(name => name + (3 * _random.Next(4))).Where(i => i < _packages.Count)];

        SortedDictionary<string, string> Expected()
        {
            var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, text) in _model.Disk)
            {
                expected.Add(path, text);
            }
            return expected;
        }

        static SortedDictionary<string, string> Actual(World world)
        {
            var actual = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, text) in world.Tree())
            {
                var isDirectory = text.StartsWith("d ", StringComparison.Ordinal);
                actual.Add(isDirectory ? path + "/" : path, isDirectory ? "" : text.StartsWith('→') ? text : text[7..]);
            }
            return actual;
        }

        string Pick(string[] from) => from[_random.Next(from.Length)];
    }
}
