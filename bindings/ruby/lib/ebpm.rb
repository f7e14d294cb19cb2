# frozen_string_literal: true

require "json"

# Runs eBPF objects and programs through pm, which is all that is needed.
#
#   run = Ebpm.open_and_run("opensnoop")
#   run.each { |event| p event }
#   run.stop
module Ebpm
  # What pm refuses. code is "PMnnnn", which `pm explain` explains; hint what helps, often a command in backquotes, or nil; exit what pm would have ended with.
  class Error < StandardError
    attr_reader :code, :hint, :exit

    def initialize(message, code = "PM0001", hint = nil, exit = 1)
      super(message)
      @code, @hint, @exit = code, hint, exit
    end
  end

  # Runs an eBPF object or a program, by name, path or URL; returns when it is attached. Options are those of docs/rpc.md: duration: "5s".
  def self.open_and_run(target, *arguments, **options)
    Run.new("run", { target: target, arguments: arguments.map(&:to_s), **options })
  end

  # Runs an eBPF object that goes on when this program has ended: its "name", "programs", "refused". logs reads its events, stop ends it.
  def self.run_detached(target, *arguments, **options)
    call("run", target: target, arguments: arguments.map(&:to_s), detach: true, **options)
  end

  # What runs on its own: "name", "object", "since", "programs", "maps".
  def self.ps
    call("ps")["running"]
  end

  # Reads the events of what runs on its own: those that wait, with follow: true those that come, too. Stopping that ends the reading alone.
  def self.logs(name, **options)
    Run.new("logs", { name: name, **options })
  end

  # Ends what runs on its own: the names of what it was.
  def self.stop(*names, **options)
    call("stop", names: names, **options)["names"]
  end

  # Ends all that runs on its own: the names of what it was.
  def self.stop_all(**options)
    call("stop", all: true, **options)["names"]
  end

  # What is installed: "name", "version", "hash" …
  def self.list_packages(**options)
    call("list", **options)["packages"]
  end

  # What the remotes offer, the best first; limit: 5 for no more.
  def self.search(*words, **options)
    call("search", words: words, **options)["packages"]
  end

  # All that is known of a package.
  def self.info(package, **options)
    call("info", package: package, **options)["packages"][0]
  end

  # Whether a kernel would run the eBPF objects of packages, or objects; kernel: "web1" for another machine's.
  def self.check(*packages, **options)
    call("check", packages: packages, **options)
  end

  # Fetches the newest lists of the remotes; all where none is named.
  def self.pull(*remotes, **options)
    call("pull", remotes: remotes, **options)
  end

  # Installs packages by name, file or URL: what changed.
  def self.install(*packages, **options)
    call("install", packages: packages, **options)
  end

  # Updates packages; all where none is named: what changed.
  def self.update(*packages, **options)
    call("update", packages: packages, **options)
  end

  # Removes packages: what changed.
  def self.remove(*packages, **options)
    call("remove", packages: packages, **options)
  end

  # Takes packages into the project of the working directory, or into that in project: "DIR".
  def self.get(*packages, **options)
    call("get", packages: packages, **options)
  end

  # The version of pm.
  def self.version
    call("version")["version"]
  end

  # Any method of docs/rpc.md as it stands there: Ebpm.call("install", packages: "opensnoop").
  def self.call(method, **parameters)
    session = Session.new
    session.answer(session.send_request(method, parameters))
  ensure
    session&.close
  end

  # A `pm rpc` of its own.
  class Session
    def initialize
      executable = ENV["PM_EXECUTABLE"].to_s.empty? ? "pm" : ENV["PM_EXECUTABLE"]
      @pipe = IO.popen([executable, "rpc"], "r+", external_encoding: Encoding::UTF_8)
      @pipe.sync = true # What pm did not take any more is not tried again when the pipe is closed.
      @last = 0
    rescue SystemCallError => e
      raise Error.new(e.message, "PM0008", "install pm, or name it in PM_EXECUTABLE", 4)
    end

    def send_request(method, parameters)
      @last += 1
      @pipe.puts(JSON.generate({ jsonrpc: "2.0", id: @last, method: method, params: parameters.compact }))
      @last
    rescue Errno::EPIPE
      @last # The end of what it says tells more.
    end

    def receive
      line = @pipe.gets or raise Error.new("pm ended and did not say why", "PM8081")
      JSON.parse(line)
    end

    # Waits for an answer; all that comes before it is given to the block.
    def answer(number)
      loop do
        message = receive
        if message.key?("method") || message["id"] != number
          yield message if block_given?
        elsif (error = message["error"])
          data = error["data"] || {}
          raise Error.new(error["message"], data.fetch("code", "PM1002"), data["hint"], data.fetch("exit", 2))
        else
          return message["result"]
        end
      end
    end

    def close
      return if @pipe.closed?

      @pipe.close_write
      nil while @pipe.gets
      @pipe.close
    end
  end
  private_constant :Session

  # Something that runs. Iterate over it: the events of an object (Hash), or the lines of a program (String).
  class Run
    include Enumerable

    # What is told besides, lines; what is attached; what the kernel refused of the object; of logs, what is read; how many events were lost, as far as it was told up to now.
    attr_reader :kind, :log, :programs, :refused, :name, :lost

    def initialize(method, parameters)
      @events, @end, @log, @lost, @session = [], nil, [], 0, Session.new
      about = @session.answer(@session.send_request(method, parameters))
      @id, @kind, @programs, @refused, @name = about.values_at("id", "kind", "programs", "refused", "name")
    rescue StandardError
      @session&.close
      raise
    end

    # The next event or line; nil when it has ended.
    def next_event
      while @events.empty?
        if @end
          @session.close
          return nil
        end
        take(@session.receive)
      end
      @events.shift
    end

    def each
      return enum_for(:each) unless block_given?

      while (event = next_event)
        yield event
      end
    end

    # Detaches it; how it ended: "code", "lost".
    def stop
      if @end.nil?
        begin
          @session.answer(@session.send_request("stop", { id: @id })) { |message| take(message) }
        rescue Error => e
          # It ended by itself meanwhile, or pm did with it: ^C at a terminal reaches both.
          raise if @end.nil? || !%w[PM8081 PM8082].include?(e.code)
        end
        @session.close
      end
      @end
    end

    private

    def take(message)
      parameters = message.fetch("params", {})
      case message["method"]
      when "event" then @events << parameters["data"]
      when "output" then @events << parameters["text"]
      when "log" then @log << parameters["text"]
      when "lost" then @lost = parameters["lost"]
      when "end"
        @end = parameters.slice("code", "lost")
        @lost = @end["lost"]
      end
    end
  end
end
