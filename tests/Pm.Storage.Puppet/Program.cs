using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Linux;
using Pm.Storage;

// puppet STORE ROOT install|rollback|gc FAULT|- WORD…: changes a root as pm does, and may be killed at any write.
var (storePath, rootPath, verb, fault) = (args[0], args[1], args[2], args[3]);
using var store = Store.OpenOrCreate(storePath);
using var root = Root.OpenOrCreate(rootPath, new RootSettings { Kind = RootKind.Prefix, StorePath = storePath, Scope = "user" });
var options = new WriterOptions { Holder = $"puppet {verb}", LockTimeout = TimeSpan.FromSeconds(30) };
WriteDoor.Fault = fault == "-" ? null : WriteFault.Parse(fault);
switch (verb)
{
    case "install":
        Apply(() => Planner.Plan(root, store, [.. args[4..].Select(Installed)]));
        break;
    case "grow":
        // One package more than there are, whoever else does the same.
        Apply(() => Planner.Plan(root, store, [.. root.Current?.Packages ?? ImmutableArray<InstalledPackage>.Empty, Installed(args[4])]));
        break;
    case "rollback":
        Apply(() => Planner.PlanRollback(root, store, int.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture)));
        break;
    case "gc":
        GarbageCollection.Run(store, new KeepRules { Generations = 1, Age = TimeSpan.Zero, Now = DateTimeOffset.MaxValue }, options);
        break;
    case "blob":
        using (var writer = store.Create(false))
        {
            writer.Append(System.Text.Encoding.UTF8.GetBytes(args[4]));
            writer.Commit();
        }
        store.Sync();
        break;
    default:
        return 64;
}
return 0;

void Apply(Func<ChangePlan> plan)
{
    using var writer = RootWriter.Open(root, store, options);
    Transaction.Apply(writer, plan(), new TransactionOptions { Command = "puppet", Now = DateTimeOffset.UnixEpoch });
}

InstalledPackage Installed(string hash)
{
    var package = store.Require(MerkleRoot.Parse(hash));
    return new InstalledPackage { Id = package.Id, Hash = package.Hash };
}
